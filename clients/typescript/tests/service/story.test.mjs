import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { memoryStorage, PhoneAuth } from '../../dist/index.js';
import { startService } from '../support/service.mjs';

describe('Against the running service', () => {
  let service;
  before(async () => { service = await startService(); });
  after(() => service?.close());

  const { paths } = JSON.parse(readFileSync(new URL('../../../../openapi/v1.json', import.meta.url), 'utf8'));
  const documented = Object.entries(paths).flatMap(([path, operations]) => Object.keys(operations).map(method => ({
    name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
  })));
  /** The calls of the document that have been made. */
  const made = new Set();
  const noting = (url, init) => {
    const path = new URL(url).pathname;
    const call = documented.find(({ method, pattern }) => method === (init?.method ?? 'GET') && pattern.test(path));
    assert.ok(call, `${init?.method} ${path} is not in the document`);
    made.add(call.name);
    return fetch(url, init);
  };
  const client = storage => new PhoneAuth({ baseUrl: service.baseUrl, storage, language: 'en', fetch: noting });
  let serial = 0;
  async function signedIn(storage) {
    const auth = client(storage);
    const { phoneNumber } = await auth.sendCode(`+7900765${String(++serial).padStart(4, '0')}`);
    const answer = await auth.verifyCode(phoneNumber, await service.code(phoneNumber), 'Node');
    return { auth, phoneNumber, answer };
  }
  const refused = (call, code, status) => assert.rejects(call, error => {
    assert.equal(`${error.status} ${error.code}`, `${status} ${code}`);
    assert.ok(error.traceId, 'no trace id');
    assert.notEqual(error.message, error.code);
    return true;
  });

  test('A number written as people do signs in', async () => {
    const auth = client();
    const sent = await auth.sendCode('8 (900) 765-99-99');
    assert.equal(sent.phoneNumber, '+79007659999');
    assert.equal(sent.codeLength, 4);
    assert.ok(Date.parse(sent.expiresAt) > auth.now());
    assert.ok(Date.parse(sent.resendAt) <= auth.now() + 1000);
    const answer = await auth.verifyCode(sent.phoneNumber, await service.code(sent.phoneNumber));
    assert.equal(answer.isNewUser, true);
    assert.equal(answer.tokenType, 'Bearer');
    assert.equal(await auth.phoneNumber(), '+79007659999');
    assert.ok(Math.abs(auth.now() - Date.now()) < 2000);
  });

  test('Wrong codes count down, and a code works once', async () => {
    const auth = client();
    const { phoneNumber } = await auth.sendCode('+79007650100');
    const code = await service.code(phoneNumber);
    const wrong = code === '0000' ? '1111' : '0000';
    await assert.rejects(auth.verifyCode(phoneNumber, wrong), { code: 'code_invalid', attemptsLeft: 4, status: 422 });
    await auth.verifyCode(phoneNumber, code);
    await refused(auth.verifyCode(phoneNumber, code), 'code_expired', 422);
  });

  test('Bad values name their field', async () => {
    await assert.rejects(client().sendCode('12'), error => error.code === 'validation_failed' && error.errors.phoneNumber.length > 0);
    await assert.rejects(client().verifyCode('+79007650100', 'x'), error => error.code === 'validation_failed' && error.errors.code.length > 0);
  });

  test('The profile is one\'s own, by every way to it', async () => {
    const { auth, phoneNumber, answer } = await signedIn();
    assert.deepEqual(await auth.profile(), answer.profile);
    assert.deepEqual(await auth.api.getProfile(phoneNumber), answer.profile);
    await refused(auth.api.getProfile('+79007659998'), 'not_your_profile', 403);
    await refused(client().profile(), 'unauthenticated', 401);
  });

  test('Two people: one activates the other\'s code, once', async () => {
    const [inviter, guest] = [await signedIn(), await signedIn()];
    const code = inviter.answer.profile.inviteCode;
    await refused(inviter.auth.activateInviteCode(code), 'invite_code_own', 422);
    const wrong = code === '222222' ? '333333' : '222222';
    await refused(guest.auth.activateInviteCode(wrong), 'invite_code_not_found', 404);
    const profile = await guest.auth.activateInviteCode(`${code.slice(0, 3)}-${code.slice(3).toLowerCase()}`);
    assert.equal(profile.canActivateInviteCode, false);
    await refused(guest.auth.activateInviteCode(code), 'invite_code_already_activated', 409);
    assert.deepEqual((await inviter.auth.profile()).invitedUsers.map(user => user.phoneNumber), [guest.phoneNumber]);
  });

  test('Invited people come page by page, newest first', async () => {
    const inviter = await signedIn();
    const guests = [];
    for (let n = 0; n < 3; n++) {
      const guest = await signedIn();
      await guest.auth.activateInviteCode(inviter.answer.profile.inviteCode);
      guests.unshift(guest.phoneNumber);
    }
    const first = await inviter.auth.invitedUsers({ limit: 2 });
    const second = await inviter.auth.invitedUsers({ limit: 2, after: first.next });
    assert.deepEqual([...first.items, ...second.items].map(user => user.phoneNumber), guests);
    assert.equal(second.next, null);
    const all = [];
    for await (const user of inviter.auth.allInvitedUsers(1)) all.push(user.phoneNumber);
    assert.deepEqual(all, guests);
    await refused(inviter.auth.invitedUsers({ limit: 501 }), 'validation_failed', 400);
  });

  test('A replaced invite code is a new one', async () => {
    const { auth, answer } = await signedIn();
    const profile = await auth.replaceInviteCode();
    assert.notEqual(profile.inviteCode, answer.profile.inviteCode);
    assert.match(profile.inviteCode, /^[2-9A-HJ-NP-Z]{6}$/);
  });

  test('Sessions are listed and ended, one or all others', async () => {
    const { auth, phoneNumber } = await signedIn();
    const again = async () => {
      const other = client();
      const seen = (await (await fetch(`${service.baseUrl}/dev/messages?phoneNumber=${encodeURIComponent(phoneNumber)}`)).json()).length;
      await other.sendCode(phoneNumber);
      await other.verifyCode(phoneNumber, await service.code(phoneNumber, seen), 'Another');
      return other;
    };
    const [second, third] = [await again(), await again()];
    const sessions = await auth.sessions();
    assert.deepEqual(sessions.map(session => session.deviceName).sort(), ['Another', 'Another', 'Node']);
    assert.equal(sessions.find(session => session.isCurrent).deviceName, 'Node');
    const own = (await second.sessions()).find(session => session.isCurrent);
    await auth.endSession(own.id);
    await refused(second.profile(), 'unauthenticated', 401);
    await refused(auth.endSession(own.id), 'session_not_found', 404);
    await auth.endOtherSessions();
    await refused(third.profile(), 'unauthenticated', 401);
    assert.equal((await auth.sessions()).length, 1);
  });

  test('A storm of calls with a dead access token refreshes one time', async () => {
    const storage = memoryStorage();
    const { auth } = await signedIn(storage);
    const before = storage.get();
    storage.set({ ...before, accessToken: 'dead' });
    const profiles = await Promise.all(Array.from({ length: 100 }, () => auth.profile()));
    assert.equal(new Set(profiles.map(profile => profile.inviteCode)).size, 1);
    const after = storage.get();
    assert.notEqual(after.refreshToken, before.refreshToken);
    // Had a second refresh used the successor, the first token would now end the session instead of giving it again.
    assert.equal((await auth.api.refreshToken({ refreshToken: before.refreshToken })).refreshToken, after.refreshToken);
  });

  test('Several clients on one storage, without a lock between them, are in the end one session that lives', async () => {
    const storage = memoryStorage();
    const { auth } = await signedIn(storage);
    const clients = [auth, client(storage), client(storage), client(storage)];
    for (let storm = 0; storm < 3; storm++) {
      storage.set({ ...storage.get(), accessToken: 'dead' });
      await Promise.all(clients.flatMap(each => Array.from({ length: 25 }, () => each.profile())));
    }
    assert.deepEqual((await auth.sessions()).map(session => session.isCurrent), [true]);
    assert.equal(await auth.accessToken(), storage.get().accessToken);
  });

  test('A restart of the service signs nobody out, not even in a storm', async () => {
    const storage = memoryStorage();
    const { auth, answer } = await signedIn(storage);
    await service.stop('SIGKILL');
    const storm = () => Promise.allSettled(Array.from({ length: 100 }, () => auth.profile()));
    assert.deepEqual(new Set((await storm()).map(call => call.reason?.code)), new Set(['network_error']));
    await service.start();
    storage.set({ ...storage.get(), accessToken: 'dead' });
    assert.deepEqual(new Set((await storm()).map(call => call.value?.inviteCode)), new Set([answer.profile.inviteCode]));
  });

  test('Signing out ends the session', async () => {
    const storage = memoryStorage();
    const { auth } = await signedIn(storage);
    const { refreshToken } = storage.get();
    await auth.signOut();
    await refused(auth.api.refreshToken({ refreshToken }), 'refresh_token_invalid', 401);
    await refused(auth.profile(), 'unauthenticated', 401);
  });

  test('A deleted account is gone, and may come back as a new one', async () => {
    const { auth, phoneNumber, answer } = await signedIn();
    await auth.deleteAccount();
    assert.equal(await auth.accessToken(), null);
    await auth.sendCode(phoneNumber);
    const again = await auth.verifyCode(phoneNumber, await service.code(phoneNumber, 1));
    assert.equal(again.isNewUser, true);
    assert.notEqual(again.profile.createdAt, answer.profile.createdAt);
  });

  test('The texts of errors follow the language', async () => {
    const auth = client();
    auth.language = 'ru';
    await assert.rejects(auth.sendCode('12'), error => /[а-я]/i.test(error.message));
  });

  test('What machines ask is there too', async () => {
    const { auth: { api }, phoneNumber } = await signedIn();
    assert.equal((await api.live()).status, 'healthy');
    assert.equal((await api.ready()).status, 'healthy');
    assert.deepEqual((await api.discovery()).id_token_signing_alg_values_supported, ['ES256']);
    assert.equal((await api.keys()).keys[0].crv, 'P-256');
    assert.equal((await api.devMessages(phoneNumber))[0].phoneNumber, phoneNumber);
  });

  test('Every call of the document has been made here, but for what gateways sign', () => {
    assert.deepEqual(documented.map(({ name }) => name).filter(name => !made.has(name)), ['POST /sms/receipts/{gateway}']);
  });
});

describe('Limits of the running service', () => {
  test('A second code too soon has to wait, as long as the service says', async () => {
    const service = await startService({ Verification__ResendWait: '00:00:02' });
    try {
      const auth = new PhoneAuth({ baseUrl: service.baseUrl });
      await auth.sendCode('+79007651111');
      await assert.rejects(auth.sendCode('+79007651111'), error =>
        error.code === 'resend_too_soon' && error.retryAfter > 0 && error.retryAfter <= 2 && error.retryAt instanceof Date);
      const patient = new PhoneAuth({ baseUrl: service.baseUrl, waitUpTo: 5 });
      assert.equal((await patient.sendCode('+79007651111')).phoneNumber, '+79007651111');
    } finally {
      await service.close();
    }
  });
});
