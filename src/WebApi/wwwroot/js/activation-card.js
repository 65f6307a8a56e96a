import { announce, busy, h, icon, problemBox } from './dom.js';
import { forgetInvite, inviteShape, rememberedInvite } from './invite-link.js';
import { explain } from './problems.js';
import { t } from './texts.js';

/** Activation of somebody else's code, once; afterwards the code that was activated. */
export function activationCard(auth, profile) {
  const card = h('section', { class: 'card stack', 'aria-labelledby': 'activate-title', tabindex: '-1' });
  show(profile);
  return card;

  function show(current) {
    if (current.canActivateInviteCode) card.replaceChildren(...asking());
    else card.replaceChildren(...settled(current));
  }

  function asking() {
    const offered = rememberedInvite();
    const problem = problemBox('activate-problem');
    const field = h('input', {
      id: 'invite-code', type: 'text', class: 'digits', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false',
      maxlength: '16', required: true, value: offered, 'aria-describedby': 'activate-lead activate-problem',
    });
    const submit = h('button', { class: 'button' }, t.activate);
    const form = h('form', { novalidate: true, class: 'field' },
      h('label', { for: 'invite-code' }, t.inviteCode), h('div', { class: 'row' }, field, submit), problem.element);

    function complain(text) {
      problem.show(text);
      field.setAttribute('aria-invalid', 'true');
      field.focus();
    }

    async function activate() {
      const inviteCode = inviteShape(field.value);
      if (!inviteCode) return complain(t.problems.inviteShape);
      try {
        const changed = await auth.activateInviteCode(inviteCode);
        forgetInvite();
        show(changed);
        card.focus();
        announce(t.activatedDone);
      } catch (error) {
        // A link that can never work must not be offered again.
        if (['invite_code_own', 'invite_code_not_found', 'invite_code_already_activated'].includes(error.code)) forgetInvite();
        complain(explain(error));
      }
    }

    field.addEventListener('input', () => {
      problem.clear();
      field.setAttribute('aria-invalid', 'false');
    });
    form.addEventListener('submit', event => {
      event.preventDefault();
      busy(submit, activate);
    });
    return [
      h('div', {}, h('h2', { id: 'activate-title' }, t.activateTitle), h('p', { class: 'hint', id: 'activate-lead' }, t.activateLead)),
      offered && h('p', { class: 'note' }, icon('invite'), h('span', {}, t.activateOffer)),
      form,
    ].filter(Boolean);
  }

  function settled(current) {
    forgetInvite();
    return [
      h('h2', { id: 'activate-title' }, t.activated),
      current.activatedInviteCode
        ? h('p', { class: 'settled' }, icon('check'), h('b', { class: 'digits', translate: 'no' }, current.activatedInviteCode))
        : h('p', { class: 'hint' }, t.activatedBefore),
    ];
  }
}
