const key = 'phoneauth.invite';

/** Takes `?invite=` out of the address and keeps it until it is used, through sign-in and reloads. */
export function takeInvite() {
  const address = new URL(location.href);
  const invite = inviteShape(address.searchParams.get('invite') ?? '');
  if (invite) store(() => localStorage.setItem(key, invite));
  if (address.searchParams.has('invite')) {
    address.searchParams.delete('invite');
    history.replaceState(history.state, '', address);
  }
}

/** The remembered code, or an empty string. */
export function rememberedInvite() {
  return inviteShape(store(() => localStorage.getItem(key)) ?? '');
}

export function forgetInvite() {
  store(() => localStorage.removeItem(key));
}

/** The six characters of an invite code however they are written, or an empty string. @param {string} text */
export function inviteShape(text) {
  const code = text.toUpperCase().replace(/[\s-]/g, '');
  return /^[2-9A-HJ-NP-Z]{6}$/.test(code) ? code : '';
}

/** @param {string} code */
export function inviteLink(code) {
  return `${location.origin}/?invite=${code}`;
}

/** @template T @param {() => T} act @returns {T | undefined} */
function store(act) {
  try {
    return act();
  } catch {
    // Storage is blocked: an invite link then works only up to the next reload.
    return undefined;
  }
}
