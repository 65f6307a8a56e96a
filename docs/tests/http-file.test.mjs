import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startService } from '../../clients/typescript/tests/support/service.mjs';

const document = JSON.parse(readFileSync(new URL('../../openapi/v1.json', import.meta.url), 'utf8'));
const text = readFileSync(new URL('../phoneauth.http', import.meta.url), 'utf8');
let service;
before(async () => { service = await startService(); });
after(() => service.close());

test('Every request of the .http file is answered as it should be, and every call of the document is in it', async () => {
  const [head, ...blocks] = text.split(/^###/m);
  const variables = new Map([...head.matchAll(/^@(\w+) = (.+)$/gm)].map(([, name, value]) => [name, value]));
  variables.set('baseUrl', service.baseUrl);
  const answers = new Map();
  const called = new Set();
  const fill = part => part.replace(/\{\{(.+?)\}\}/g, (_, name) => {
    const [, answer, path] = /^(\w+)\.response\.body\.\$(.*)$/.exec(name) ?? [];
    const value = answer ? [...path.matchAll(/\[(\d+)\]|\.(\w+)/g)].reduce((json, [, index, member]) => json[index ?? member], answers.get(answer)) : variables.get(name);
    assert.ok(value !== undefined, `nothing gives ${name}`);
    return value;
  });

  for (const block of blocks) {
    const [head, body] = block.split(/\n\n/);
    const lines = head.split('\n').slice(1).filter(line => line && !line.startsWith('#'));
    const [method, url] = fill(lines[0]).split(' ');
    const headers = lines.slice(1).map(line => fill(line).split(': '));
    const title = `${block.split('\n')[0].trim()} (${method} ${new URL(url).pathname})`;
    if (url.includes('/dev/messages')) await service.code(new URL(url).searchParams.get('phoneNumber').replace(' ', '+'));

    const response = await fetch(url, { method, headers, body: body?.trim() ? fill(body) : undefined });
    assert.ok(response.ok, `${title}: ${response.status} ${await response.clone().text()}`);
    const name = /^# @name (\w+)$/m.exec(head)?.[1];
    const type = response.headers.get('Content-Type') ?? '';
    if (name) answers.set(name, type.includes('json') ? await response.json() : null);
    called.add(`${method} ${lines[0].split(' ')[1].replace('{{baseUrl}}', '').replace(/\?.*/, '').replace(/\{\{(phoneNumber|friend)\}\}/, '{phoneNumber}').replace(/\{\{sessions.*?\}\}/, '{id}')}`);
  }

  const all = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`));
  // The file ends with what everybody can undo; who deletes an account has read about it first. What gateways sign, nobody writes by hand.
  assert.deepEqual(all.filter(call => !called.has(call)).sort(), ['DELETE /profile/{phoneNumber}', 'POST /sms/receipts/{gateway}']);
});
