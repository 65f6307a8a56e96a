import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = path => readFileSync(root + path, 'utf8');

test('The module is under 8 KB gzipped', () => {
  const size = gzipSync(read('dist/index.js').replace(/\n\/\/# sourceMappingURL=.*/, ''), { level: 9 }).length;
  assert.ok(size < 8 * 1024, `${size} bytes`);
});

test('The package depends on nothing and imports nothing', () => {
  const { dependencies, peerDependencies } = JSON.parse(read('package.json'));
  assert.deepEqual([dependencies, peerDependencies], [undefined, undefined]);
  assert.doesNotMatch(read('dist/index.js'), /\bimport\b|\brequire\(/);
});

test('The generated calls are what NSwag makes of openapi/v1.json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'phoneauth-client-'));
  try {
    const file = join(folder, 'api.ts');
    const run = spawnSync(process.execPath, ['scripts/generate.mjs', file], { cwd: root, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stdout + run.stderr);
    assert.ok(readFileSync(file, 'utf8') === read('src/generated/api.ts'), 'run "npm run generate" in clients/typescript and commit what it writes');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('Everything that package.json promises is built', () => {
  const { exports } = JSON.parse(read('package.json'));
  for (const path of Object.values(exports['.'])) assert.ok(existsSync(root + path), path);
});
