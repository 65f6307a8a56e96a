/** A fetch that answers like the service: tokens can be made to expire, refreshes are counted, answers can be scripted. */
export function fakeService() {
  const profile = { phoneNumber: '+79001234567', createdAt: '2026-01-01T00:00:00Z', inviteCode: 'K7M2QX', activatedInviteCode: null, canActivateInviteCode: true, invitedUsersCount: 0, invitedUsers: [] };
  const service = {
    calls: [],
    refreshes: 0,
    /** Answers for the next calls, first come first served: a Response, an Error to reject with, or nothing to go on as usual. */
    script: [],
    access: '',
    refresh: '',
    serial: 0,
    expire() { this.access = 'none'; },
    end() { this.access = this.refresh = 'none'; },
    async fetch(url, init = {}) {
      const headers = new Headers(init.headers);
      const call = { path: new URL(url, 'http://service').pathname, method: init.method ?? 'GET', headers, body: init.body && JSON.parse(init.body) };
      service.calls.push(call);
      // As on a network, the answer never comes within the same turn.
      await new Promise(resolve => setImmediate(resolve));
      init.signal?.throwIfAborted();
      const scripted = service.script.shift();
      if (scripted instanceof Error) throw scripted;
      if (scripted) return scripted;
      return service.answer(call);
    },
    answer({ path, method, headers, body }) {
      if (path === '/send-code') return json({ phoneNumber: '+79001234567', codeLength: 4, expiresAt: '2026-01-01T00:05:00Z', resendAt: '2026-01-01T00:01:00Z' }, 202);
      if (path === '/verify-code') return json({ ...service.pair(), isNewUser: true, profile });
      if (path === '/refresh-token') {
        service.refreshes++;
        return body.refreshToken === service.refresh ? json(service.pair()) : problem(401, 'refresh_token_invalid');
      }
      if (headers.get('Authorization') !== `Bearer ${service.access}`) return problem(401, 'unauthenticated');
      if (path === '/sign-out' || method === 'DELETE') {
        service.end();
        return new Response(null, { status: 204 });
      }
      return json(profile);
    },
    pair() {
      service.serial++;
      service.access = `access-${service.serial}`;
      service.refresh = `refresh-${service.serial}`;
      return { tokenType: 'Bearer', accessToken: service.access, expiresIn: 600, refreshToken: service.refresh, refreshTokenExpiresAt: '2026-02-01T00:00:00Z' };
    },
  };
  return service;
}

export function json(body, status = 200, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

export function problem(status, code, members = {}, headers = {}) {
  const body = { type: `urn:phoneauth:${code}`, title: `Title of ${code}`, status, traceId: 'trace-1', code, ...members };
  return json(body, status, { 'Content-Type': 'application/problem+json', ...headers });
}

/** The part of the Web Locks API that the client uses: one holder of a name at a time, in the order of asking. */
export function fakeLocks() {
  const tails = new Map();
  return {
    requested: 0,
    request(name, options, work = options) {
      if (options.ifAvailable && tails.has(name)) return Promise.resolve(work(null));
      this.requested++;
      const turn = (tails.get(name) ?? Promise.resolve()).then(() => work({ name }));
      const tail = turn.catch(() => {}).then(() => {
        if (tails.get(name) === tail) tails.delete(name);
      });
      tails.set(name, tail);
      return turn;
    },
  };
}

/** A localStorage with `storage` events for those who listen as another tab would. */
export function fakeLocalStorage() {
  const held = new Map();
  const tabs = new Set();
  const change = (key, newValue) => {
    const oldValue = held.get(key) ?? null;
    if (newValue === null) held.delete(key);
    else held.set(key, newValue);
    for (const tab of tabs) queueMicrotask(() => tab({ key, oldValue, newValue }));
  };
  return {
    tabs,
    localStorage: { getItem: key => held.get(key) ?? null, setItem: (key, value) => change(key, String(value)), removeItem: key => change(key, null) },
    addEventListener: (_, tab) => tabs.add(tab),
    removeEventListener: (_, tab) => tabs.delete(tab),
  };
}

/** The tokens as a tab in another process sees them: each change comes late, but it comes. */
export function fakeLate({ localStorage, addEventListener }) {
  const key = 'phoneauth.tokens';
  let seen = localStorage.getItem(key);
  const told = new Set();
  addEventListener('storage', async event => {
    for (let turn = 0; turn < 10; turn++) await settled();
    seen = event.newValue;
    for (const tell of told) tell(JSON.parse(seen));
  });
  return {
    lockName: key,
    get: () => JSON.parse(seen),
    set: tokens => localStorage.setItem(key, seen = JSON.stringify(tokens)),
    remove: () => localStorage.removeItem(key),
    subscribe(changed) {
      told.add(changed);
      return () => told.delete(changed);
    },
  };
}

/** Until listeners, which are told a moment later, have been. */
export const settled = () => new Promise(resolve => setImmediate(resolve));
