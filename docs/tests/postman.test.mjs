import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import newman from 'newman';
import { startService } from '../../clients/typescript/tests/support/service.mjs';

const file = fileURLToPath(new URL('../postman/phoneauth.postman_collection.json', import.meta.url));
let service;
before(async () => { service = await startService(); });
after(() => service.close());

test('The collection that is checked in is the one that the document makes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'phoneauth-postman-'));
  try {
    const made = join(folder, 'collection.json');
    const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('../postman/generate.mjs', import.meta.url)), made], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.ok(readFileSync(made, 'utf8') === readFileSync(file, 'utf8'), 'run "npm run generate" in docs/tests and commit what it writes');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('Newman runs it against the service from the first request to the last', async () => {
  const collection = JSON.parse(readFileSync(file, 'utf8'));
  collection.variable.find(variable => variable.key === 'baseUrl').value = service.baseUrl;
  const summary = await new Promise((resolve, reject) => newman.run(
    { collection, timeoutRequest: 10_000 }, (error, result) => (error ? reject(error) : resolve(result))));
  assert.deepEqual(summary.run.failures.map(failure => `${failure.source?.name}: ${failure.error.message}`), []);
  assert.equal(new Set(summary.run.executions.map(execution => execution.item.name)).size, collection.item.length);
});
