// Compiled, never run: what a consumer may write, and what the compiler must refuse.
import { localStorageTokens, PhoneAuth, PhoneAuthError, type ContractCode, type ErrorCode, type Profile, type TokenStorage } from '../dist/index.js';

const auth = new PhoneAuth({ baseUrl: 'https://auth.example.com', storage: localStorageTokens(), waitUpTo: 5 });

export async function story(): Promise<string> {
  const { codeLength, resendAt } = await auth.sendCode('+79001234567');
  const { isNewUser, profile } = await auth.verifyCode('+79001234567', '0'.repeat(codeLength), 'Pixel 9');
  const typed: Profile = profile;
  const [session] = await auth.sessions();
  const page = await auth.invitedUsers({ limit: 10, after: undefined });
  for await (const user of auth.allInvitedUsers()) user.phoneNumber.toUpperCase();
  const next: string | null = page.next;
  const stop: () => void = auth.onSignOut(number => number.toUpperCase());
  stop();
  return [isNewUser, typed.inviteCode, session?.deviceName, next, resendAt].join();
}

export function next(error: unknown): string {
  if (!(error instanceof PhoneAuthError)) throw error;
  switch (error.code) {
    case 'code_invalid': return `${error.attemptsLeft} left`;
    case 'resend_too_soon': return `wait until ${error.retryAt?.toISOString()}`;
    // @ts-expect-error: not one of the contract's words
    case 'code_wrong': return '';
    default: return error.errors['phoneNumber']?.[0] ?? error.message;
  }
}

/** React Native's AsyncStorage, as its users will write it. */
export function asynchronous(store: { getItem(key: string): Promise<string | null>; setItem(key: string, value: string): Promise<void>; removeItem(key: string): Promise<void> }): TokenStorage {
  return {
    get: async () => JSON.parse(await store.getItem('tokens') ?? 'null'),
    set: tokens => store.setItem('tokens', JSON.stringify(tokens)),
    remove: () => store.removeItem('tokens'),
  };
}

export const known: ErrorCode = 'network_error';
/** The words of the contract, each: a code that comes or goes in the OpenAPI document is seen here. */
export const codes: Record<ContractCode, true> = {
  code_expired: true, code_invalid: true, country_not_supported: true, internal_error: true, invite_code_already_activated: true,
  invite_code_not_found: true, invite_code_own: true, malformed_request: true, method_not_allowed: true, not_found: true, not_your_profile: true,
  payload_too_large: true, phone_disabled: true, phone_locked: true, receipt_not_authentic: true, refresh_token_invalid: true, resend_too_soon: true, send_limit_reached: true,
  session_not_found: true, too_many_invite_attempts: true, too_many_requests: true, unauthenticated: true, unavailable: true,
  unsupported_media_type: true, user_blocked: true, validation_failed: true,
};
// @ts-expect-error: numbers are written as text
export const number = () => auth.sendCode(79001234567);
// @ts-expect-error: the profile has no such member
export const member = async () => (await auth.profile()).email;
