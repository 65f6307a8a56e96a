import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { localStorageTokens, PhoneAuth } from '../dist/index.js';
import { fakeLate, fakeLocalStorage, fakeLocks, fakeService, settled } from './support/fake-service.mjs';

describe('Tabs of one origin', () => {
  const globals = ['localStorage', 'addEventListener', 'removeEventListener', 'navigator'];
  const before = Object.fromEntries(globals.map(name => [name, Object.getOwnPropertyDescriptor(globalThis, name)]));
  const set = (name, value) => Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  let service, locks, window;

  beforeEach(() => {
    service = fakeService();
    locks = fakeLocks();
    window = fakeLocalStorage();
    for (const name of globals) set(name, { ...window, navigator: { locks } }[name]);
  });
  afterEach(() => {
    for (const name of globals) {
      if (before[name]) Object.defineProperty(globalThis, name, before[name]);
      else delete globalThis[name];
    }
  });

  const tab = () => new PhoneAuth({ baseUrl: 'http://service', fetch: service.fetch, storage: localStorageTokens() });

  test('refresh one time between them', async () => {
    const tabs = [tab(), tab(), tab()];
    await tabs[0].verifyCode('+79001234567', '0427');
    service.expire();
    await Promise.all(tabs.flatMap(each => Array.from({ length: 10 }, () => each.profile())));
    assert.equal(service.refreshes, 1);
    assert.ok(locks.requested >= 3);
  });

  test('refresh one time also where the lock comes before what the other tab wrote', async () => {
    const [here, there] = [tab(), tab()];
    await here.verifyCode('+79001234567', '0427');
    service.expire();
    // What this tab reads is older by ten turns than what was written; then it is told of the change.
    const late = fakeLate(window);
    const slow = new PhoneAuth({ baseUrl: 'http://service', fetch: service.fetch, storage: late });
    await Promise.all([there.profile(), slow.profile()]);
    assert.equal(service.refreshes, 1);
  });

  test('hear of sign-in and sign-out in another', async () => {
    const [here, there] = [tab(), tab()];
    const heard = [];
    there.onSignIn(number => heard.push(['in', number]));
    there.onSignOut(number => heard.push(['out', number]));
    await here.verifyCode('+79001234567', '0427');
    await settled();
    service.expire();
    await here.profile();
    await settled();
    await here.signOut();
    await settled();
    assert.deepEqual(heard, [['in', '+79001234567'], ['out', '+79001234567']]);
  });

  test('stop listening when the last listener is gone', () => {
    const here = tab();
    const stops = [here.onSignIn(() => {}), here.onSignOut(() => {})];
    assert.equal(window.tabs.size, 1);
    for (const stop of stops) stop();
    assert.equal(window.tabs.size, 0);
  });

  test('read what nobody can have written as signed out', async () => {
    localStorage.setItem('phoneauth.tokens', '{broken');
    assert.equal(await tab().phoneNumber(), null);
  });

  test('work where there are no Web Locks', async () => {
    set('navigator', {});
    const here = tab();
    await here.verifyCode('+79001234567', '0427');
    service.expire();
    await Promise.all([here.profile(), here.profile()]);
    assert.equal(service.refreshes, 1);
  });
});
