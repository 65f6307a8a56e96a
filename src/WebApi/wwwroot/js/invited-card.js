import { announce, button, h, problemBox } from './dom.js';
import { readable } from './phone-input.js';
import { explain } from './problems.js';
import { ago, t } from './texts.js';

const pageSize = 10;

/** The people who activated the user's code, a page at a time. */
export function invitedCard(auth, profile) {
  const list = h('ul', { class: 'list' });
  const problem = problemBox('invited-problem');
  const more = button({ class: 'button quiet', hidden: true }, t.showMore, () => next(true));
  let after;

  async function next(asked) {
    problem.clear();
    try {
      const page = await auth.invitedUsers({ limit: pageSize, after });
      after = page.next;
      const rows = await Promise.all(page.items.map(row));
      list.append(...rows);
      more.hidden = !after;
      if (!asked) return;
      announce(t.moreShown(rows.length));
      // On from where the list ended, for those who read by keyboard.
      rows[0]?.focus();
    } catch (error) {
      problem.show(explain(error));
      more.hidden = false;
    }
  }

  async function row(user) {
    return h('li', { tabindex: '-1' },
      h('span', { class: 'nowrap' }, await readable(user.phoneNumber)),
      h('time', { class: 'hint', datetime: user.activatedAt }, ago(user.activatedAt, auth.now())));
  }

  if (profile.invitedUsersCount > 0) next(false);
  return h('section', { class: 'card stack', 'aria-labelledby': 'invited-title' },
    h('div', { class: 'row between' },
      h('h2', { id: 'invited-title' }, t.invitedTitle),
      h('span', { class: 'count' }, String(profile.invitedUsersCount))),
    profile.invitedUsersCount > 0 ? list : h('p', { class: 'hint' }, t.invitedNone),
    problem.element,
    more);
}
