import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { test } from 'node:test';
import { bundles, libraries } from '../bundles.mjs';

const built = await bundles();

for (const { file, bytes } of built) {
  test(`wwwroot/lib/${file} is what its sources build to`, () => {
    assert.ok(readFileSync(libraries + file).equals(bytes), 'run "npm run build" in clients/page and commit what it writes');
  });
}

test('wwwroot/lib holds nothing else', () => {
  assert.deepEqual(readdirSync(libraries).sort(), built.map(({ file }) => file).sort());
});

test('What the first view needs stays small', () => {
  const size = name => gzipSync(built.find(({ file }) => file === name).bytes, { level: 9 }).length;
  assert.ok(size('phoneauth.js') < 8 * 1024);
  assert.ok(size('phone-numbers.js') < 40 * 1024);
});
