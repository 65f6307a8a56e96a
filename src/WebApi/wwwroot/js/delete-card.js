import { button, confirm, h, problemBox } from './dom.js';
import { explain } from './problems.js';
import { t } from './texts.js';

/** The way out, behind a question. */
export function deleteCard({ auth, leave }) {
  const problem = problemBox('delete-problem');
  const ask = async () => {
    problem.clear();
    if (!await confirm({ title: t.deleteConfirm, text: t.deleteText, yes: t.deleteYes, no: t.cancel, danger: true })) return;
    await leave(() => auth.deleteAccount(), t.deleted).catch(error => problem.show(explain(error)));
  };
  return h('section', { class: 'danger-zone', 'aria-labelledby': 'delete-title' },
    h('div', {}, h('h2', { id: 'delete-title' }, t.deleteTitle), h('p', { class: 'hint' }, t.deleteLead), problem.element),
    button({ class: 'button danger-quiet' }, t.deleteButton, ask));
}
