import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort, startService, until } from '../../clients/typescript/tests/support/service.mjs';

const snippets = new URL('../snippets/', import.meta.url);
const phoneNumber = '+79001234567';
const children = [];
let service, issuer, accessToken;

before(async () => {
  const port = await freePort();
  issuer = `http://127.0.0.1:${port}`;
  service = await startService({ Tokens__Issuer: issuer }, issuer);
  await post('/send-code', { phoneNumber });
  ({ accessToken } = await post('/verify-code', { phoneNumber, code: await service.code(phoneNumber) }));
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await service.close();
});

test('The page shows the snippets as they are', () => {
  const page = readFileSync(new URL('../checking-tokens.md', import.meta.url), 'utf8');
  for (const file of ['aspnet/Program.cs', 'node/server.mjs', 'python/server.py', 'go/main.go']) {
    assert.ok(page.includes(`\n${readFileSync(new URL(file, snippets), 'utf8')}\`\`\`\n`), `${file} differs from what docs/checking-tokens.md shows`);
  }
});

test('ASP.NET Core knows who calls by the issuer alone', async () => {
  const built = ['Release', 'Debug'].map(configuration => fileURLToPath(new URL(`aspnet/bin/${configuration}/net10.0/PhoneAuth.ResourceServer.dll`, snippets))).find(existsSync);
  assert.ok(built, 'build it first: dotnet build PhoneAuth.sln');
  await checks('dotnet', [built], port => ({ ASPNETCORE_URLS: `http://127.0.0.1:${port}`, ASPNETCORE_ENVIRONMENT: 'Development' }));
});

test('Node.js does', async () => {
  // Where whoever copies it has jose in their own node_modules, it is ours here.
  const jose = createRequire(import.meta.url).resolve('jose');
  const program = readFileSync(new URL('node/server.mjs', snippets), 'utf8').replace("from 'jose'", `from '${new URL(`file://${jose}`)}'`);
  await checks(process.execPath, ['--input-type=module', '--eval', program], port => ({ PORT: port }));
});

async function checks(command, parameters, environment) {
  const port = await freePort();
  const child = spawn(command, parameters, { env: { ...process.env, PHONEAUTH_ISSUER: issuer, ...environment(port) }, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  let said = '';
  child.stderr.on('data', text => { said += text; });
  const ask = token => fetch(`http://127.0.0.1:${port}/`, token ? { headers: { Authorization: `Bearer ${token}` } } : {});
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
    return ask().catch(() => null);
  });

  const [header, payload, signature] = accessToken.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  assert.deepEqual(await (await ask(accessToken)).json(), { userId: claims.sub, phoneNumber });

  const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forged = {
    'no token': undefined,
    'another payload': [header, encode({ ...claims, phone_number: '+79000000000' }), signature].join('.'),
    'no signature': [encode({ alg: 'none', typ: 'JWT' }), payload, ''].join('.'),
    'another algorithm': [encode({ alg: 'HS256', typ: 'JWT', kid: JSON.parse(Buffer.from(header, 'base64url')).kid }), payload, signature].join('.'),
    'half a token': accessToken.slice(0, -10),
  };
  for (const [what, token] of Object.entries(forged)) {
    const answer = await ask(token);
    assert.equal(answer.status, 401, what);
    assert.match(answer.headers.get('WWW-Authenticate'), /^Bearer/);
  }
}

async function post(path, body) {
  const answer = await fetch(`${issuer}${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  assert.ok(answer.ok, await answer.clone().text());
  return answer.json();
}
