import { codeInput } from './code-input.js';
import { countdown } from './countdown.js';
import { askForCode, showInbox } from './dev-inbox.js';
import { deviceName } from './device.js';
import { announce, button, h, icon, problemBox } from './dom.js';
import { readable } from './phone-input.js';
import { explain } from './problems.js';
import { clock, t, timeOfDay } from './texts.js';

/** Takes the code and signs in. `sent` is what {@link askForCode} gave. */
export async function codeView({ auth, go, enter }, sent) {
  const problem = problemBox('code-problem');
  const status = h('p', { class: 'hint', id: 'code-hint' });
  const input = codeInput({ length: sent.codeLength, describedBy: 'sent-to code-hint code-problem', done: verify });
  const stopped = new AbortController();
  const stops = [];

  const resend = button({ class: 'button quiet wide' }, t.resend, async () => {
    try {
      const answer = await askForCode(auth, sent.phoneNumber);
      announce(t.resent);
      go('code', answer, { replace: true });
    } catch (error) {
      complain(explain(error));
      if (error.retryAfter) holdResend(auth.now() + error.retryAfter * 1000);
    }
  });

  function holdResend(until) {
    let held = false;
    stops.push(countdown(until, () => auth.now(), left => {
      resend.disabled = left > 0;
      resend.textContent = left > 0 ? t.resendIn(clock(left)) : t.resend;
      if (left > 0) held = true;
      else if (held) announce(t.canResend);
    }));
  }

  function complain(text, isOver = false) {
    problem.show(text);
    input.reject();
    // Nothing can be typed that would help: on to the button that does.
    if (isOver && !resend.disabled) resend.focus();
  }

  async function verify(code) {
    problem.clear();
    status.textContent = t.checking;
    try {
      await enter(() => auth.verifyCode(sent.phoneNumber, code, deviceName()));
    } catch (error) {
      status.textContent = valid;
      const isOver = error.code === 'code_expired' || error.attemptsLeft === 0;
      complain(error.code === 'validation_failed' ? t.problems.codeShape(sent.codeLength) : explain(error), isOver);
    }
  }

  const valid = t.validUntil(timeOfDay(Date.parse(sent.expiresAt) - (auth.now() - Date.now())));
  status.textContent = valid;
  holdResend(Date.parse(sent.resendAt));
  stops.push(countdown(Date.parse(sent.expiresAt), () => auth.now(), left => {
    if (left > 0) return;
    status.textContent = '';
    problem.show(t.problems.code_expired);
  }));
  stops.push(showInbox(sent.phoneNumber, sent.asked, code => input.set(code)));
  readFromMessage(stopped.signal, code => input.set(code));

  const form = h('form', { class: 'card stack', novalidate: true, 'aria-labelledby': 'title' },
    h('div', { class: 'field' }, h('label', { for: 'code' }, t.code(sent.codeLength)), input.element, status, problem.element),
    resend);
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (input.submit()) return;
    problem.show(t.problems.codeShape(sent.codeLength));
    input.focus();
  });

  const element = h('div', { class: 'sign-in narrow' },
    h('div', { class: 'intro' },
      h('h1', { id: 'title' }, t.codeTitle),
      h('p', { class: 'lead', id: 'sent-to' }, t.codeSentTo, ' ', h('b', { class: 'nowrap' }, await readable(sent.phoneNumber))),
      button({ class: 'link with-icon' }, [icon('back'), t.changeNumber], () => go('phone'))),
    form);

  return {
    title: t.codeTitle,
    element,
    focus: () => input.focus(),
    close() {
      stopped.abort();
      for (const stop of stops) stop();
    },
  };
}

/** WebOTP, where the browser has it: the code of a message that names this site is filled in after the user's yes. */
function readFromMessage(signal, use) {
  if (!('OTPCredential' in window)) return;
  const request = /** @type {any} */ ({ otp: { transport: ['sms'] }, signal });
  // A refusal, a time-out or leaving the page is no problem to tell: the code can be typed.
  navigator.credentials.get(request).then(message => message && use(/** @type {any} */ (message).code), () => {});
}
