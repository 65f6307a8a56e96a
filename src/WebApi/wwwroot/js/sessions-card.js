import { nameOf } from './device.js';
import { announce, button, h, icon, problemBox } from './dom.js';
import { explain } from './problems.js';
import { ago, t } from './texts.js';

/** Where the user is signed in, with a way to end each of them or all others. */
export function sessionsCard(auth) {
  const list = h('ul', { class: 'list', 'aria-busy': 'true' });
  const title = h('h2', { id: 'sessions-title', tabindex: '-1' }, t.sessionsTitle);
  const problem = problemBox('sessions-problem');
  const others = button({ class: 'button quiet', hidden: true }, t.endOthers, () => end(() => auth.endOtherSessions(), t.endOthersDone));

  async function load() {
    const sessions = await auth.sessions();
    sessions.sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent) || b.lastUsedAt.localeCompare(a.lastUsedAt));
    list.replaceChildren(...sessions.map(row));
    list.setAttribute('aria-busy', 'false');
    others.hidden = sessions.length < 2;
  }

  function row(session) {
    const name = session.deviceName || nameOf(session.userAgent ?? '') || t.unknownDevice;
    return h('li', { class: 'session' },
      h('span', { class: 'tile' }, icon('device')),
      h('div', { class: 'grow' },
        h('div', { class: 'device' }, h('b', {}, name), session.isCurrent && h('span', { class: 'badge' }, t.thisDevice)),
        h('span', { class: 'hint' }, session.ipAddress && `${session.ipAddress} · `, h('span', { class: 'nowrap' }, t.lastUsed(ago(session.lastUsedAt, auth.now()))))),
      !session.isCurrent
        && button({ class: 'link', 'aria-label': t.endSessionOf(name) }, t.endSession,
          () => end(() => auth.endSession(session.id), t.sessionEndedDone(name))));
  }

  async function end(work, done) {
    problem.clear();
    try {
      await work();
      announce(done);
    } catch (error) {
      problem.show(explain(error));
    }
    // The list also after a refusal: it may be older than what the server knows.
    await load().catch(error => problem.show(explain(error)));
    title.focus();
  }

  load().catch(error => problem.show(explain(error)));
  return h('section', { class: 'card stack', 'aria-labelledby': 'sessions-title' }, title, list, problem.element, others);
}
