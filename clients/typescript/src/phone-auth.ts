import { PhoneAuthError } from './errors.js';
import { ApiClient, type InvitedUser, type InvitedUsersPage, type Profile, type SendCodeResponse, type Session, type TokenPair, type VerifyCodeResponse } from './generated/api.js';
import { memoryStorage, type Tokens, type TokenStorage } from './storage.js';

export interface PhoneAuthOptions {
  /** Where the service is; the page's own origin when left out. */
  baseUrl?: string;
  /** Where the tokens are kept; in memory when left out. */
  storage?: TokenStorage;
  /** Language of the service's texts and of the message with the code (BCP 47, `en` or `ru`); the browser's when left out. */
  language?: string;
  /** Wait and try once more after a 429 that asks for at most this many seconds; never when left out. */
  waitUpTo?: number;
  fetch?: typeof fetch;
}

export interface InvitedUsersQuery {
  /** 1 to 500, 100 when left out. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
  signal?: AbortSignal;
}

type Listener = (phoneNumber: string) => void;
type Call = (url: string, init?: RequestInit) => Promise<Response>;

/** Signs a phone in and keeps it signed in. One per page or process. */
export class PhoneAuth {
  /** Every call of the service as it is in the OpenAPI document, with the signed-in user's token. */
  readonly api: ApiClient;
  /** BCP 47; may be changed at any time. */
  language?: string;

  readonly #baseUrl: string;
  readonly #storage: TokenStorage;
  readonly #waitUpTo: number;
  readonly #fetch: Call;
  readonly #open: ApiClient;
  readonly #listeners = { in: new Set<Listener>(), out: new Set<Listener>() };
  #unsubscribe?: () => void;
  /** Who is signed in as far as the listeners know; undefined until the storage has been looked at. */
  #user?: string | null;
  #refreshing?: Promise<string | null>;
  #queue: Promise<unknown> = Promise.resolve();
  #clockOffset = 0;

  constructor(options: PhoneAuthOptions = {}) {
    this.#baseUrl = (options.baseUrl ?? '').replace(/\/+$/, '');
    this.#storage = options.storage ?? memoryStorage();
    this.#waitUpTo = options.waitUpTo ?? 0;
    this.language = options.language;
    // Looked up at each call, and called without a receiver: browsers refuse a fetch that is called as a method.
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
    this.#open = this.#client(this.#fetch);
    this.api = this.#client((url, init) => this.fetch(url, init));
  }

  /** Asks for a code. The number may be written as people do; the answer has it as E.164. */
  sendCode(phoneNumber: string, signal?: AbortSignal): Promise<SendCodeResponse> {
    return this.#open.sendCode({ phoneNumber }, signal);
  }

  /** Signs in with the code. `deviceName` is what the user will see in the list of sessions. */
  async verifyCode(phoneNumber: string, code: string, deviceName?: string): Promise<VerifyCodeResponse> {
    const answer = await this.#open.verifyCode({ phoneNumber, code, deviceName });
    await this.#exclusive(() => this.#keep(answer.profile.phoneNumber, answer));
    return answer;
  }

  /** The signed-in number, or null. */
  async phoneNumber(): Promise<string | null> {
    return (await this.#held())?.phoneNumber ?? null;
  }

  /** An access token to call your own services with, renewed when it is about to expire; null when signed out. */
  async accessToken(): Promise<string | null> {
    const held = await this.#held();
    return held && held.renewAt <= Date.now() ? this.#refresh(held.accessToken) : held?.accessToken ?? null;
  }

  /** `fetch` with the access token, for your own services; after a 401 it renews the token and tries once more. */
  async fetch(url: string, init?: RequestInit): Promise<Response> {
    const token = await this.accessToken();
    const response = await this.#fetch(url, bearer(token, init));
    if (response.status !== 401 || !token) return response;
    const fresh = await this.#refresh(token);
    return fresh ? this.#fetch(url, bearer(fresh, init)) : response;
  }

  profile(signal?: AbortSignal): Promise<Profile> {
    return this.api.getOwnProfile(signal);
  }

  /** Activates somebody else's invite code, once ever. */
  async activateInviteCode(inviteCode: string): Promise<Profile> {
    return this.api.activateInviteCode(await this.#own(), { inviteCode });
  }

  /** Gives the user a new invite code; the old one stops being valid. */
  async replaceInviteCode(): Promise<Profile> {
    return this.api.replaceInviteCode(await this.#own());
  }

  /** One page of the people the user has invited, newest first. */
  async invitedUsers({ limit, after, signal }: InvitedUsersQuery = {}): Promise<InvitedUsersPage> {
    return this.api.getInvitedUsers(await this.#own(), limit, after, signal);
  }

  /** All of them, page by page as they are asked for. */
  async *allInvitedUsers(limit = 500): AsyncGenerator<InvitedUser, void, undefined> {
    let after: string | null | undefined;
    do {
      const page: InvitedUsersPage = await this.invitedUsers({ limit, after: after ?? undefined });
      yield* page.items;
      after = page.next;
    } while (after);
  }

  sessions(signal?: AbortSignal): Promise<Session[]> {
    return this.api.getSessions(signal);
  }

  /** Ends one session; ending the own one is {@link signOut}. */
  endSession(id: string): Promise<void> {
    return this.api.endSession(id);
  }

  endOtherSessions(): Promise<void> {
    return this.api.endOtherSessions();
  }

  /** Forgets the tokens, whatever the network does, and ends the session on the server. */
  async signOut(): Promise<void> {
    const held = await this.#exclusive(async () => {
      const tokens = await this.#held();
      if (tokens) await this.#forget();
      return tokens;
    });
    if (!held) return;
    const end = (token: string) => this.#client((url, init) => this.#fetch(url, bearer(token, init))).signOut();
    try {
      await end(held.accessToken).catch(async error => {
        if (!isCode(error, 'unauthenticated')) throw error;
        await end((await this.#open.refreshToken({ refreshToken: held.refreshToken })).accessToken);
      });
    } catch (error) {
      // Ended already, from another device for one: what was asked for holds.
      if (!(error instanceof PhoneAuthError && error.status === 401)) throw error;
    }
  }

  /** Deletes the user with all their sessions. */
  async deleteAccount(): Promise<void> {
    await this.api.deleteAccount(await this.#own());
    await this.#exclusive(() => this.#forget());
  }

  /** Calls back after each sign-in, in any tab that shares the storage. Returns the way to stop. */
  onSignIn(listener: Listener): () => void {
    return this.#listen(this.#listeners.in, listener);
  }

  /** Calls back when the user signs out, in any tab, or the session turns out to have ended. Returns the way to stop. */
  onSignOut(listener: Listener): () => void {
    return this.#listen(this.#listeners.out, listener);
  }

  /** The server's time in milliseconds since 1970, as its last answer told: for countdowns on devices whose clock is off. */
  now(): number {
    return Date.now() + this.#clockOffset;
  }

  #client(call: Call): ApiClient {
    return new ApiClient(this.#baseUrl, { fetch: (url, init) => this.#answer(call, url as string, init) });
  }

  /** The one place where a refusal becomes an error, before the generated code would make its own. */
  async #answer(call: Call, url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.language) headers.set('Accept-Language', this.language);
    for (let waited = false; ; waited = true) {
      const response = await call(url, { ...init, headers }).catch(error => {
        if (init.signal?.aborted || error instanceof PhoneAuthError) throw error;
        throw new PhoneAuthError('network_error', 0, undefined, undefined, error);
      });
      const date = Date.parse(response.headers.get('Date') ?? '');
      if (date) this.#clockOffset = offsetOf(date);
      if (response.ok) return response;
      const error = await PhoneAuthError.from(response, this.now());
      // A 429 refused before anything was done; after any other failure a second try is the caller's decision.
      if (waited || error.status !== 429 || !(error.retryAfter! <= this.#waitUpTo)) throw error;
      await delay(error.retryAfter! * 1000, init.signal);
    }
  }

  #refresh(stale: string): Promise<string | null> {
    return this.#refreshing ??= this.#exclusive(waited => this.#renew(stale, waited)).finally(() => this.#refreshing = undefined);
  }

  async #renew(stale: string, waited: boolean): Promise<string | null> {
    let held = await this.#held();
    // The lock may come from another tab before what that tab wrote does: browsers promise no order between the two.
    if (waited && held?.accessToken === stale) {
      await this.#written();
      held = await this.#held();
    }
    // Another tab was first, or the user has signed out meanwhile.
    if (held?.accessToken !== stale) return held?.accessToken ?? null;
    try {
      const pair = await this.#open.refreshToken({ refreshToken: held.refreshToken });
      await this.#keep(held.phoneNumber, pair);
      return pair.accessToken;
    } catch (error) {
      if (!isCode(error, 'refresh_token_invalid')) throw error;
      await this.#forget();
      return null;
    }
  }

  /** Until another tab's change of the storage is seen; not for long, as there may be none. */
  #written(): Promise<void> {
    return new Promise(resolve => {
      let stop: (() => void) | undefined;
      const go = (): void => {
        clearTimeout(timer);
        stop?.();
        resolve();
      };
      const timer = setTimeout(go, 500);
      stop = this.#storage.subscribe?.(go);
    });
  }

  /**
   * Runs what reads and then writes the tokens one at a time: in this instance by a queue, across tabs by a Web Lock. The work
   * hears whether another tab had the lock before.
   */
  #exclusive<T>(work: (waited: boolean) => Promise<T>): Promise<T> {
    const name = this.#storage.lockName;
    const locks = name === undefined ? undefined : globalThis.navigator?.locks;
    const run = async (): Promise<T> => {
      if (!locks) return work(false);
      let free = true;
      const result = await locks.request(name!, { ifAvailable: true }, lock => lock ? work(false) : void (free = false));
      return free ? result as T : locks.request(name!, () => work(true)) as Promise<T>;
    };
    const turn = this.#queue.then(run);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #held(): Promise<Tokens | null> {
    const tokens = await this.#storage.get();
    this.#note(tokens, this.#user === undefined);
    return tokens;
  }

  async #keep(phoneNumber: string, pair: Pick<TokenPair, 'accessToken' | 'expiresIn' | 'refreshToken' | 'refreshTokenExpiresAt'>): Promise<void> {
    const tokens: Tokens = {
      phoneNumber,
      accessToken: pair.accessToken,
      renewAt: Date.now() + pair.expiresIn * 900,
      refreshToken: pair.refreshToken,
      refreshTokenExpiresAt: pair.refreshTokenExpiresAt,
    };
    await this.#storage.set(tokens);
    this.#note(tokens);
  }

  async #forget(): Promise<void> {
    await this.#storage.remove();
    this.#note(null);
  }

  async #own(): Promise<string> {
    const number = await this.phoneNumber();
    if (!number) throw new PhoneAuthError('unauthenticated', 401);
    return number;
  }

  #note(tokens: Tokens | null, silently = false): void {
    const before = this.#user ?? null;
    const now = this.#user = tokens?.phoneNumber ?? null;
    if (silently || before === now) return;
    if (before) this.#tell(this.#listeners.out, before);
    if (now) this.#tell(this.#listeners.in, now);
  }

  #tell(listeners: Set<Listener>, phoneNumber: string): void {
    // Later, each by itself: a listener that throws breaks neither the call nor the other listeners.
    for (const listener of listeners) queueMicrotask(() => listener(phoneNumber));
  }

  #listen(listeners: Set<Listener>, listener: Listener): () => void {
    listeners.add(listener);
    this.#unsubscribe ??= this.#storage.subscribe?.(tokens => this.#note(tokens));
    return () => {
      listeners.delete(listener);
      if (this.#listeners.in.size + this.#listeners.out.size > 0) return;
      this.#unsubscribe?.();
      this.#unsubscribe = undefined;
    };
  }
}

function bearer(token: string | null, init: RequestInit = {}): RequestInit {
  const headers = new Headers(init.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/** How far the device's clock is behind the server's. The Date header has whole seconds, cut off: less than that is no difference. */
function offsetOf(date: number): number {
  const offset = date + 500 - Date.now();
  return Math.abs(offset) < 1500 ? 0 : offset;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof PhoneAuthError && error.code === code;
}

function delay(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
