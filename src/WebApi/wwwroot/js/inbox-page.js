import { h } from './dom.js';

const everyMilliseconds = 1000;
const state = /** @type {HTMLElement} */ (document.getElementById('state'));
const list = /** @type {HTMLElement} */ (document.getElementById('messages'));
let shown = '';

/** Asks again and again; a page that nobody looks at waits. */
async function look() {
  if (!document.hidden) await refresh();
  setTimeout(look, everyMilliseconds);
}

async function refresh() {
  const answer = await fetch('/dev/messages').catch(() => null);
  if (!answer?.ok) {
    tell('The service does not answer.');
    return;
  }

  const text = await answer.text();
  if (text === shown) {
    if (state.classList.contains('lost')) tell(count(list.childElementCount));
    return;
  }

  shown = text;
  const messages = JSON.parse(text);
  list.replaceChildren(...messages.map(item));
  tell(count(messages.length));
}

/** @param {{ phoneNumber: string, text: string, code: string, sentAt: string }} message */
function item(message) {
  return h('li', {},
    h('p', {}, h('b', {}, message.phoneNumber), ' ', h('time', { datetime: message.sentAt }, new Date(message.sentAt).toLocaleTimeString())),
    h('p', { class: 'text' }, message.text),
    h('output', { class: 'digits' }, message.code));
}

/** @param {number} texts */
function count(texts) {
  return texts === 0 ? 'No texts yet. They appear here by themselves.' : `${texts} ${texts === 1 ? 'text' : 'texts'}, newest first.`;
}

/** @param {string} text */
function tell(text) {
  state.textContent = text;
  state.classList.toggle('lost', text.startsWith('The service'));
}

look();
