import { announce, button, confirm, h, icon, problemBox, svg } from './dom.js';
import { inviteLink } from './invite-link.js';
import { explain } from './problems.js';
import { t } from './texts.js';

/** One's own invite code: to copy, to share, to scan, to replace. */
export function inviteCard(auth, profile) {
  const code = h('p', { class: 'invite-code digits', translate: 'no' });
  const picture = h('div', { class: 'qr' });
  const problem = problemBox('invite-problem');
  let current = '';

  function show(inviteCode) {
    current = inviteCode;
    code.textContent = inviteCode;
    draw(picture, inviteLink(inviteCode));
  }

  async function replace() {
    problem.clear();
    if (!await confirm({ title: t.newCodeTitle, text: t.newCodeText, yes: t.newCodeYes, no: t.cancel })) return;
    try {
      show((await auth.replaceInviteCode()).inviteCode);
      announce(t.newCodeDone([...current].join(' ')));
    } catch (error) {
      problem.show(explain(error));
    }
  }

  show(profile.inviteCode);
  return h('section', { class: 'hero', 'aria-labelledby': 'invite-title' },
    h('div', {}, h('h2', { id: 'invite-title' }, t.inviteTitle), h('p', {}, t.inviteLead), code),
    picture,
    h('div', { class: 'row' },
      telling(icon('copy'), t.copyCode, t.copied, () => copy(current)),
      telling(icon('share'), t.shareLink, t.linkCopied, () => share(inviteLink(current))),
      button({ class: 'button' }, [icon('renew'), t.newCode], replace)),
    problem.element);
}

/** A button that says for two seconds that it is done. */
function telling(sign, label, doneLabel, work) {
  const text = h('span', {}, label);
  const element = button({ class: 'button' }, [sign, text], async () => {
    if (!await work()) return;
    announce(doneLabel);
    text.textContent = doneLabel;
    sign.replaceWith(done);
    setTimeout(() => {
      text.textContent = label;
      done.replaceWith(sign);
    }, 2000);
  });
  const done = icon('check');
  return element;
}

async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  // Without TLS there is no clipboard to write to: offer the text for copying by hand.
  prompt('', text);
  return false;
}

/** The system's share sheet where there is one. @returns {Promise<boolean>} whether the link was copied instead */
async function share(url) {
  if (!navigator.share) return copy(url);
  // Closing the share sheet rejects, and is nobody's error.
  await navigator.share({ text: t.shareText, url }).catch(() => {});
  return false;
}

async function draw(place, text) {
  const { qrModules } = await import('/lib/qr-code.js');
  const rows = qrModules(text);
  const path = rows.flatMap((row, y) => row.map((dark, x) => dark ? `M${x} ${y}h1v1h-1z` : '')).join('');
  place.replaceChildren(svg('svg', { viewBox: `-2 -2 ${rows.length + 4} ${rows.length + 4}`, role: 'img', 'aria-label': t.qrLabel, 'shape-rendering': 'crispEdges' },
    svg('path', { d: path })));
}
