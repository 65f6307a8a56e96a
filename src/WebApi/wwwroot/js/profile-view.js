import { activationCard } from './activation-card.js';
import { button, h, problemBox } from './dom.js';
import { deleteCard } from './delete-card.js';
import { inviteCard } from './invite-card.js';
import { invitedCard } from './invited-card.js';
import { readable } from './phone-input.js';
import { explain } from './problems.js';
import { sessionsCard } from './sessions-card.js';
import { date, t } from './texts.js';

/** The signed-in user's own page. */
export async function profileView({ auth, go, leave }, { isNewUser = false } = {}) {
  let profile;
  try {
    profile = await auth.profile();
  } catch (error) {
    if (error.code === 'unauthenticated') return null;
    return failed(error, () => go('profile'));
  }

  const title = h('h1', { tabindex: '-1', class: 'nowrap' }, await readable(profile.phoneNumber));
  const sessions = sessionsCard(auth);
  // Beside a long list the sessions stand under the codes, else under the list: so both columns end about together.
  const isLong = profile.invitedUsersCount > 3;
  const element = h('div', { class: 'profile' },
    h('div', { class: 'who' },
      h('div', {},
        h('p', { class: 'eyebrow' }, isNewUser ? t.welcome : t.memberSince(date(profile.createdAt))),
        title),
      button({ class: 'button quiet' }, t.signOut, () => leave(() => auth.signOut(), t.signedOut))),
    h('div', { class: 'columns' },
      h('div', { class: 'stack' }, inviteCard(auth, profile), activationCard(auth, profile), isLong && sessions),
      h('div', { class: 'stack' }, invitedCard(auth, profile), !isLong && sessions)),
    deleteCard({ auth, leave }));

  return { title: t.profileTitle, element, focus: () => title.focus(), close() {} };
}

/** What stands in the profile's place when it cannot be had. */
function failed(error, again) {
  const problem = problemBox('profile-problem');
  const retry = button({ class: 'button' }, t.retry, again);
  problem.show(explain(error));
  return { title: t.profileTitle, element: h('div', { class: 'card stack narrow' }, problem.element, retry), focus: () => retry.focus(), close() {} };
}
