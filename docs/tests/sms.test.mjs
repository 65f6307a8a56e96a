// The receiver of docs/sms.md, run as it stands there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = JSON.stringify({ id: 'text-1', phoneNumber: '+79001234567', text: '0427 — ваш код', code: '0427', locale: 'ru', expiresAt: '2026-11-22T09:35:00Z' });
const folder = mkdtempSync(join(tmpdir(), 'phoneauth-receiver-'));
let receiver, url, said = '';

before(async () => {
  const page = readFileSync(new URL('../sms.md', import.meta.url), 'utf8');
  const file = join(folder, 'receiver.mjs');
  writeFileSync(file, page.match(/```js\n([\s\S]*?)```/)[1]);
  const port = await freePort();
  url = `http://127.0.0.1:${port}/`;
  receiver = spawn(process.execPath, [file], { env: { ...process.env, SECRET: secret, PORT: String(port) }, stdio: ['ignore', 'pipe', 'inherit'] });
  receiver.stdout.setEncoding('utf8').on('data', text => { said += text; });
  await listening();
});

after(async () => {
  receiver.kill();
  await once(receiver, 'exit');
  rmSync(folder, { recursive: true, force: true });
});

test('It takes a text that is signed, and takes it once', async () => {
  assert.equal((await post()).status, 204);
  assert.equal((await post()).status, 204);
  while (!said.includes('\n')) await once(receiver.stdout, 'data');
  assert.equal(said.split('\n').filter(line => line === '+79001234567 0427 — ваш код').length, 1);
});

test('It takes no other', async () => {
  assert.equal((await post({ signature: 'v1,AAAA' })).status, 401);
  assert.equal((await post({ signature: 'v1,' + '\u00e9'.repeat(44) })).status, 401);
  assert.equal((await post({ sent: body.replace('0427', '0428') })).status, 401);
  assert.equal((await post({ time: Math.floor(Date.now() / 1000) - 400 })).status, 401);
  assert.equal((await fetch(url, { method: 'POST', body })).status, 401);
});

function post({ time = Math.floor(Date.now() / 1000), signature, sent = body } = {}) {
  const hash = createHmac('sha256', Buffer.from(secret.slice(6), 'base64')).update(`text-1.${time}.${body}`).digest('base64');
  return fetch(url, { method: 'POST', body: sent, headers: { 'webhook-id': 'text-1', 'webhook-timestamp': String(time), 'webhook-signature': signature ?? `v1,${hash}` } });
}

async function listening() {
  for (const until = Date.now() + 20_000; Date.now() < until;) {
    try { await fetch(url); return; } catch { /* not yet */ }
  }
  throw new Error('The receiver does not listen.');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
