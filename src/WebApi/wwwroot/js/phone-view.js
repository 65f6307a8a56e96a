import { countdown } from './countdown.js';
import { askForCode } from './dev-inbox.js';
import { busy, h, icon, problemBox } from './dom.js';
import { rememberedInvite } from './invite-link.js';
import { likelyCountry, phoneInput } from './phone-input.js';
import { explain } from './problems.js';
import { clock, t } from './texts.js';

/** Asks for the number and sends the code. `draft` keeps what was typed through a change of language. */
export async function phoneView({ auth, draft, go }) {
  const problem = problemBox('phone-problem');
  const input = await phoneInput({ number: draft.phone ?? '', country: draft.country ?? likelyCountry(), describedBy: 'lead phone-problem' });
  const submit = h('button', { class: 'button wide' }, t.sendCode);
  let stop = () => {};

  const form = h('form', { novalidate: true, class: 'card stack', 'aria-labelledby': 'title' },
    h('div', { class: 'field' }, h('label', { for: 'phone' }, t.phoneNumber), input.element, problem.element),
    submit);

  form.addEventListener('input', () => {
    draft.phone = input.typed;
    draft.country = input.country;
    complain('');
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    busy(submit, send);
  });

  function complain(text) {
    if (text) problem.show(text);
    else problem.clear();
    input.field.setAttribute('aria-invalid', String(Boolean(text)));
    if (text) input.field.focus();
  }

  async function send() {
    const number = input.number;
    if (!number) return complain(input.typed.trim() ? t.problems.phoneWrong : t.problems.phoneEmpty);
    complain('');
    try {
      go('code', await askForCode(auth, number));
    } catch (error) {
      if (error.code === 'validation_failed') return complain(t.problems.phoneWrong);
      complain(explain(error));
      if (error.retryAfter) wait(error.retryAfter);
    }
  }

  function wait(seconds) {
    stop();
    stop = countdown(auth.now() + seconds * 1000, () => auth.now(), left => {
      submit.disabled = left > 0;
      submit.textContent = left > 0 ? t.sendCodeIn(clock(left)) : t.sendCode;
    });
  }

  const invite = rememberedInvite();
  const element = h('div', { class: 'sign-in' },
    h('div', { class: 'intro' },
      h('h1', { id: 'title' }, t.signInTitle),
      h('p', { id: 'lead', class: 'lead' }, t.signInLead),
      h('div', { class: 'keys', 'aria-hidden': 'true' }, [...'0427'].map(digit => h('span', {}, digit)))),
    h('div', { class: 'stack' },
      invite && h('p', { class: 'note' }, icon('invite'), h('span', {}, t.invitedBy, ' ', h('b', { class: 'digits' }, invite))),
      form));

  return { title: t.signInTitle, element, focus: () => input.field.focus(), close: () => stop() };
}
