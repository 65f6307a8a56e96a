import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { memoryStorage, PhoneAuth } from '../dist/index.js';
import { fakeService, problem, settled } from './support/fake-service.mjs';

describe('Tokens', () => {
  let service, storage, auth;
  beforeEach(async () => {
    service = fakeService();
    storage = memoryStorage();
    auth = new PhoneAuth({ baseUrl: 'http://service/', fetch: service.fetch, storage });
    await auth.verifyCode('+79001234567', '0427');
    service.calls.length = 0;
  });

  test('A call carries the access token, and open calls do not', async () => {
    await auth.profile();
    await auth.sendCode('+79001234567');
    assert.equal(service.calls[0].headers.get('Authorization'), 'Bearer access-1');
    assert.equal(service.calls[1].headers.get('Authorization'), null);
  });

  test('Any number of parallel calls refreshes one time', async () => {
    service.expire();
    await Promise.all(Array.from({ length: 100 }, () => auth.profile()));
    assert.equal(service.refreshes, 1);
  });

  test('A token about to expire is renewed before the call', async () => {
    storage.set({ ...storage.get(), renewAt: Date.now() });
    await auth.profile();
    assert.deepEqual(service.calls.map(call => call.path), ['/refresh-token', '/profile']);
  });

  test('A 401 is tried once more, not twice', async () => {
    service.expire();
    const pair = service.pair;
    service.pair = () => {
      const answer = pair();
      service.expire();
      return answer;
    };
    await assert.rejects(auth.profile(), { code: 'unauthenticated', status: 401 });
    assert.deepEqual(service.calls.map(call => call.path), ['/profile', '/refresh-token', '/profile']);
  });

  test('An ended session signs out, and says unauthenticated', async () => {
    const told = [];
    auth.onSignOut(number => told.push(number));
    service.end();
    await assert.rejects(auth.profile(), { code: 'unauthenticated' });
    await settled();
    assert.deepEqual(told, ['+79001234567']);
    assert.equal(storage.get(), null);
    assert.equal(await auth.accessToken(), null);
  });

  test('A refresh that gets no answer keeps the tokens, and the next call tries again', async () => {
    service.expire();
    service.script.push(undefined, new TypeError('connection reset'));
    await assert.rejects(auth.profile(), { code: 'network_error', status: 0 });
    assert.equal(storage.get().refreshToken, 'refresh-1');
    assert.equal((await auth.profile()).inviteCode, 'K7M2QX');
  });

  test('A refresh that fails is not tried again for each call that waits for it', async () => {
    service.expire();
    service.script.push(undefined, undefined, undefined, problem(503, 'unavailable'));
    const calls = await Promise.allSettled([auth.profile(), auth.profile(), auth.profile()]);
    assert.deepEqual(calls.map(call => call.reason?.code), ['unavailable', 'unavailable', 'unavailable']);
    assert.equal(service.calls.filter(call => call.path === '/refresh-token').length, 1);
  });

  test('A sign-out during a refresh stays signed out', async () => {
    service.expire();
    const profile = auth.profile();
    while (!service.calls.some(call => call.path === '/refresh-token')) await settled();
    await Promise.allSettled([profile, auth.signOut()]);
    assert.equal(storage.get(), null);
  });

  test('Sign-out ends the session at the service, also with an expired access token', async () => {
    service.expire();
    await auth.signOut();
    assert.deepEqual(service.calls.map(call => call.path), ['/sign-out', '/refresh-token', '/sign-out']);
    assert.equal(service.refresh, 'none');
  });

  test('Sign-out without a network forgets the tokens and tells that the session lives on', async () => {
    service.script.push(new TypeError('offline'));
    await assert.rejects(auth.signOut(), { code: 'network_error' });
    assert.equal(storage.get(), null);
  });

  test('Sign-out of a session that has ended is no error', async () => {
    service.end();
    await auth.signOut();
    assert.equal(storage.get(), null);
  });

  test('One own fetch carries the token to another service and survives its expiry', async () => {
    service.expire();
    const response = await auth.fetch('http://service/orders', { method: 'POST', headers: { 'X-Own': '1' } });
    assert.equal(response.status, 200);
    const [, , again] = service.calls;
    assert.equal(again.headers.get('Authorization'), 'Bearer access-2');
    assert.equal(again.headers.get('X-Own'), '1');
  });

  test('Deleting the account forgets the tokens', async () => {
    await auth.deleteAccount();
    assert.equal(service.calls[0].path, '/profile/%2B79001234567');
    assert.equal(storage.get(), null);
  });

  test('Without a sign-in nothing is sent for calls on the own number', async () => {
    const stranger = new PhoneAuth({ baseUrl: 'http://service', fetch: service.fetch });
    await assert.rejects(stranger.replaceInviteCode(), { code: 'unauthenticated' });
    assert.equal(service.calls.length, 0);
  });
});
