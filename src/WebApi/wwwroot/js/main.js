import { localStorageTokens, memoryStorage, PhoneAuth } from '/lib/phoneauth.js';
import { codeView } from './code-view.js';
import { announce, h, icon } from './dom.js';
import { takeInvite } from './invite-link.js';
import { phoneView } from './phone-view.js';
import { profileView } from './profile-view.js';
import { language, setLanguage, t } from './texts.js';

const views = { phone: phoneView, code: codeView, profile: profileView };
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const auth = new PhoneAuth({ storage: canStore() ? localStorageTokens() : memoryStorage(), language });

/** What is open now; `turn` tells a view that was long in coming that another has been asked for meanwhile. */
let shown = { name: 'phone', data: undefined, close() {} };
let turn = 0;
/** The sign-in or sign-out under way is this tab's own doing, which shows the next view itself. */
let isOwn = false;
const app = { auth, go, enter, leave, draft: {} };

/** @param {string} name @param {any} [data] @param {{ replace?: boolean, focus?: boolean }} [how] */
async function go(name, data, { replace = false, focus = true } = {}) {
  const mine = ++turn;
  // The code has its own entry, so that "back" leads to the number, and a reload while the message is read loses nothing.
  if (name === 'code' && !replace && history.state?.view !== 'code') history.pushState({ view: 'code', data }, '');
  else history.replaceState(name === 'code' ? { view: 'code', data } : null, '');
  const slow = setTimeout(() => main.firstChild || main.append(h('p', { class: 'hint', role: 'status' }, t.loading)), 400);
  const view = await views[name](app, data);
  clearTimeout(slow);
  if (mine !== turn) return view?.close();
  if (!view) return go('phone');
  shown.close();
  shown = { name, data, close: view.close };
  main.replaceChildren(view.element);
  document.title = `${view.title} · PhoneAuth`;
  if (focus) view.focus();
}

/** Runs what signs in, then shows the profile. */
async function enter(work) {
  isOwn = true;
  try {
    const { isNewUser } = await work();
    await go('profile', { isNewUser });
  } finally {
    isOwn = false;
  }
}

/** Runs what ends the session here, then shows the first view with a word about it. */
async function leave(work, said) {
  isOwn = true;
  try {
    await work();
  } catch (error) {
    // Signed out here at any rate; only a refusal that left the user signed in is theirs to hear.
    if (await auth.phoneNumber()) throw error;
  } finally {
    isOwn = false;
  }
  await go('phone');
  announce(said);
}

function languages() {
  const choices = { en: 'English', ru: 'Русский' };
  const buttons = Object.entries(choices).map(([code, name]) => h('button', {
    type: 'button', lang: code, title: name, 'aria-label': `${code.toUpperCase()}, ${name}`, 'aria-pressed': String(code === language), onclick: () => choose(code),
  }, code.toUpperCase()));
  return h('div', { class: 'languages', role: 'group', 'aria-label': t.language }, buttons);
}

async function choose(code) {
  setLanguage(code);
  auth.language = code;
  speak();
  await go(shown.name, shown.data, { replace: true, focus: false });
  /** @type {HTMLElement | null} */ (document.querySelector('.languages [aria-pressed=true]'))?.focus();
}

/** Everything outside the views that has words. */
function speak() {
  document.documentElement.lang = language;
  document.getElementById('languages')?.replaceChildren(languages());
  offline.replaceChildren(icon('alert'), h('span', {}, t.offline));
}

const offline = h('p', { class: 'offline', role: 'status' });
function network() {
  if (navigator.onLine) offline.remove();
  else document.getElementById('notices')?.prepend(offline);
}

function canStore() {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

auth.onSignIn(() => {
  if (!isOwn) go('profile');
});
auth.onSignOut(() => {
  if (isOwn) return;
  go('phone');
  announce(t.sessionEnded);
});
addEventListener('popstate', event => {
  if (event.state?.view === 'code') go('code', event.state.data, { replace: true });
  else if (shown.name === 'code') go('phone');
});
addEventListener('online', network);
addEventListener('offline', network);

takeInvite();
speak();
network();
if (await auth.phoneNumber()) await go('profile', undefined, { focus: false });
else if (history.state?.view === 'code') await go('code', history.state.data, { replace: true });
else await go('phone');
