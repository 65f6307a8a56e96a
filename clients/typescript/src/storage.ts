type Awaitable<T> = T | Promise<T>;

/** What a signed-in device keeps. */
export interface Tokens {
  /** E.164, with the plus. */
  phoneNumber: string;
  accessToken: string;
  /** Milliseconds since 1970 by this device's clock, a little before the access token expires. */
  renewAt: number;
  refreshToken: string;
  /** RFC 3339, by the server's clock. */
  refreshTokenExpiresAt: string;
}

/** Where the tokens are kept. Methods may be asynchronous, so React Native's AsyncStorage or a keychain fit too. */
export interface TokenStorage {
  get(): Awaitable<Tokens | null>;
  set(tokens: Tokens): Awaitable<void>;
  remove(): Awaitable<void>;
  /** Tells of changes made elsewhere, by another tab for one; returns the way to stop listening. */
  subscribe?(changed: (tokens: Tokens | null) => void): () => void;
  /** Set when other tabs share this storage: the name of the Web Lock under which tokens are renewed. */
  lockName?: string;
}

/** Keeps tokens until the page or the process ends. */
export function memoryStorage(): TokenStorage {
  let held: Tokens | null = null;
  return {
    get: () => held,
    set: tokens => void (held = tokens),
    remove: () => void (held = null),
  };
}

/** Keeps tokens in `localStorage`, shared by all tabs of an origin. */
export function localStorageTokens(key = 'phoneauth.tokens'): TokenStorage {
  return {
    lockName: key,
    get: () => parse(localStorage.getItem(key)),
    set: tokens => localStorage.setItem(key, JSON.stringify(tokens)),
    remove: () => localStorage.removeItem(key),
    subscribe(changed) {
      // A null key means that everything was cleared.
      const listen = (event: StorageEvent) => {
        if (event.key === key || event.key === null) changed(parse(event.newValue));
      };
      addEventListener('storage', listen);
      return () => removeEventListener('storage', listen);
    },
  };
}

function parse(text: string | null): Tokens | null {
  try {
    const tokens = JSON.parse(text ?? 'null') as Tokens | null;
    return tokens?.refreshToken ? tokens : null;
  } catch {
    // Somebody else wrote here: signed out is the only safe reading.
    return null;
  }
}
