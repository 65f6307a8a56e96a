import { h } from './dom.js';
import { t } from './texts.js';

/** Unknown until it was asked for once; a service outside Development has no inbox, and is not asked again. */
let present = true;

/** How exactly the server's time is known: its Date header has whole seconds, and a device's clock less than 1.5 s off is taken as right. */
const inexactness = 2000;

/** Asks for a code; the answer also says when it was asked for, so that the banner can tell its message from older ones. */
export async function askForCode(auth, phoneNumber) {
  const began = performance.now();
  const sent = await auth.sendCode(phoneNumber);
  // By the server's clock, which is known for sure only after an answer.
  return { ...sent, asked: auth.now() - (performance.now() - began) - inexactness };
}

/**
 * The banner with the last code of the simulated gateway, while the code is being entered.
 * @param {string} phoneNumber E.164
 * @param {number} since milliseconds by the server's clock: older messages are of no use
 * @param {(code: string) => void} use
 * @returns {() => void} the way to take it away
 */
export function showInbox(phoneNumber, since, use) {
  const place = /** @type {HTMLElement} */ (document.getElementById('notices'));
  const banner = h('aside', { class: 'dev', 'aria-label': t.devTitle });
  const tell = (...children) => banner.replaceChildren(
    h('strong', {}, t.devTitle), h('span', { role: 'status' }, ...children), h('a', { href: '/docs' }, t.devDocs));
  let shown = '';
  let timer = 0;
  let stopped = false;

  async function look() {
    const code = await lastCode(phoneNumber, since);
    if (stopped || !present) return;
    if (code === null) tell(t.devWaiting);
    else if (code !== shown) {
      tell(`${t.devCode} `, h('b', { class: 'digits' }, code), ' ', h('button', { type: 'button', class: 'link', onclick: () => use(code) }, t.devUse));
    }
    shown = code ?? '';
    if (!banner.isConnected) place.append(banner);
    timer = setTimeout(look, 1000);
  }

  if (present) look();
  return () => {
    stopped = true;
    clearTimeout(timer);
    banner.remove();
  };
}

async function lastCode(phoneNumber, since) {
  const answer = await fetch(`/dev/messages?phoneNumber=${encodeURIComponent(phoneNumber)}`).catch(() => null);
  if (answer?.status === 404) present = false;
  if (!answer?.ok) return null;
  const [last] = await answer.json();
  return last && Date.parse(last.sentAt) >= since ? last.code : null;
}
