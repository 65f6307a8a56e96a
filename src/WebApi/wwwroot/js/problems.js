import { PhoneAuthError } from '/lib/phoneauth.js';
import { inTime, t } from './texts.js';

/** What happened and what to do next, in the page's language. @param {any} error */
export function explain(error) {
  const texts = t.problems;
  // A fault of the page itself belongs to the console, where it can be traced.
  if (!(error instanceof PhoneAuthError)) reportError(error);
  const wait = error.retryAfter > 0 ? inTime(error.retryAfter) : texts.soon;
  switch (error.code) {
    case 'resend_too_soon':
    case 'send_limit_reached':
    case 'phone_locked':
    case 'too_many_requests':
    case 'too_many_invite_attempts':
    case 'unavailable':
      return texts[error.code](wait);
    case 'code_invalid':
      return texts.code_invalid(error.attemptsLeft ?? 0);
    case 'country_not_supported':
    case 'phone_disabled':
    case 'code_expired':
    case 'user_blocked':
    case 'invite_code_not_found':
    case 'invite_code_own':
    case 'invite_code_already_activated':
    case 'session_not_found':
    case 'network_error':
      return texts[error.code];
    default:
      return texts.unexpected(error.traceId ?? '');
  }
}
