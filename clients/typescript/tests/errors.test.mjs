import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import { PhoneAuth, PhoneAuthError } from '../dist/index.js';
import { fakeService, json, problem } from './support/fake-service.mjs';

describe('Errors', () => {
  let service, auth;
  beforeEach(() => {
    service = fakeService();
    auth = new PhoneAuth({ baseUrl: 'http://service', fetch: service.fetch });
  });
  const refused = async answer => {
    service.script.push(answer);
    const error = await auth.sendCode('+79001234567').then(() => assert.fail('was not refused'), caught => caught);
    assert.ok(error instanceof PhoneAuthError);
    return error;
  };

  test('have what the problem says', async () => {
    const error = await refused(problem(422, 'code_invalid', { detail: 'Wrong code.', attemptsLeft: 3 }));
    assert.deepEqual({ code: error.code, status: error.status, message: error.message, left: error.attemptsLeft, trace: error.traceId, errors: error.errors },
      { code: 'code_invalid', status: 422, message: 'Wrong code.', left: 3, trace: 'trace-1', errors: {} });
  });

  test('have the messages of each field', async () => {
    const error = await refused(problem(400, 'validation_failed', { errors: { phoneNumber: ['Too short.'] } }));
    assert.deepEqual(error.errors, { phoneNumber: ['Too short.'] });
  });

  test('have the wait of a 429 as seconds and as a moment', async () => {
    const error = await refused(problem(429, 'resend_too_soon', { retryAt: '2026-01-01T00:01:00Z' }, { 'Retry-After': '42' }));
    assert.equal(error.retryAfter, 42);
    assert.equal(error.retryAt.toISOString(), '2026-01-01T00:01:00.000Z');
  });

  test('have the wait also where another origin may not read Retry-After, by the clock of the service', async () => {
    const now = new Date(Date.now() + 3_600_000);
    const error = await refused(problem(429, 'resend_too_soon', { retryAt: new Date(now.getTime() + 30_000).toISOString() }, { Date: now.toUTCString() }));
    assert.ok(error.retryAfter >= 29 && error.retryAfter <= 31, String(error.retryAfter));
  });

  test('and a clock that is right is taken as it is', async () => {
    await refused(problem(422, 'code_expired', {}, { Date: new Date().toUTCString() }));
    assert.ok(Math.abs(auth.now() - Date.now()) <= 1);
  });

  test('have the wait that a proxy gives as a date', async () => {
    const error = await refused(json({}, 503, { 'Retry-After': new Date(Date.now() + 60_000).toUTCString() }));
    assert.equal(error.code, 'unexpected_answer');
    assert.ok(error.retryAfter >= 58 && error.retryAfter <= 61);
  });

  test('are unexpected_answer when a proxy answers in HTML', async () => {
    const error = await refused(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    assert.equal(error.code, 'unexpected_answer');
    assert.equal(error.status, 502);
  });

  test('are network_error with the cause when there is no answer', async () => {
    const cause = new TypeError('fetch failed');
    const error = await refused(cause);
    assert.equal(error.code, 'network_error');
    assert.equal(error.cause, cause);
  });

  test('are not made of an abort that the caller asked for', async () => {
    const abort = new AbortController();
    const sent = auth.sendCode('+79001234567', abort.signal);
    abort.abort();
    await assert.rejects(sent, { name: 'AbortError' });
  });
});

describe('Waiting', () => {
  const tooSoon = seconds => problem(429, 'resend_too_soon', {}, { 'Retry-After': String(seconds) });
  const client = (service, waitUpTo) => new PhoneAuth({ baseUrl: 'http://service', fetch: service.fetch, waitUpTo });

  test('is not done unless asked for', async () => {
    const service = fakeService();
    service.script.push(tooSoon(1));
    await assert.rejects(client(service, undefined).sendCode('+79001234567'), { code: 'resend_too_soon' });
    assert.equal(service.calls.length, 1);
  });

  test('is done for as long as the service asks, then once more', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const service = fakeService();
      service.script.push(tooSoon(5));
      const sent = client(service, 10).sendCode('+79001234567');
      while (service.calls.length < 1) await new Promise(setImmediate);
      for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
      mock.timers.tick(4_999);
      await new Promise(setImmediate);
      assert.equal(service.calls.length, 1);
      mock.timers.tick(1);
      assert.equal((await sent).codeLength, 4);
      assert.equal(service.calls.length, 2);
    } finally {
      mock.timers.reset();
    }
  });

  test('is not done for longer than allowed', async () => {
    const service = fakeService();
    service.script.push(tooSoon(11));
    await assert.rejects(client(service, 10).sendCode('+79001234567'), { retryAfter: 11 });
    assert.equal(service.calls.length, 1);
  });

  test('is not done after a failure that may have been half a success', async () => {
    const service = fakeService();
    service.script.push(problem(503, 'unavailable', {}, { 'Retry-After': '1' }));
    await assert.rejects(client(service, 10).verifyCode('+79001234567', '0427'), { code: 'unavailable' });
    assert.equal(service.calls.length, 1);
  });

  test('ends when the caller gives up', async () => {
    const service = fakeService();
    service.script.push(tooSoon(5));
    const abort = new AbortController();
    const sent = client(service, 10).sendCode('+79001234567', abort.signal);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    abort.abort();
    await assert.rejects(sent, { name: 'AbortError' });
    assert.equal(service.calls.length, 1);
  });
});

describe('Language', () => {
  test('is the one set, and may change', async () => {
    const service = fakeService();
    const auth = new PhoneAuth({ baseUrl: 'http://service', fetch: service.fetch, language: 'ru' });
    await auth.sendCode('+79001234567');
    auth.language = 'en';
    await auth.sendCode('+79001234567');
    assert.deepEqual(service.calls.map(call => call.headers.get('Accept-Language')), ['ru', 'en']);
  });
});

describe('Listeners', () => {
  test('hear of a sign-in once, and of none after they left', async () => {
    const service = fakeService();
    const auth = new PhoneAuth({ baseUrl: 'http://service', fetch: service.fetch });
    const heard = [];
    auth.onSignIn(number => heard.push(number))();
    auth.onSignIn(number => heard.push(number));
    await auth.verifyCode('+79001234567', '0427');
    await auth.profile();
    await new Promise(setImmediate);
    assert.deepEqual(heard, ['+79001234567']);
  });
});
