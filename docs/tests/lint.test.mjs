import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const openapi = fileURLToPath(new URL('../../openapi/', import.meta.url));

function run(tool, ...parameters) {
  const { status, stdout, stderr } = spawnSync(`${here}node_modules/.bin/${tool}`, parameters, {
    encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  });
  return { status, said: stdout + stderr };
}

test("Redocly's linter has nothing to say about the document", () => {
  const { status, said } = run('redocly', 'lint', '--config', `${openapi}redocly.yaml`, '--max-problems', '20', `${openapi}v1.json`);
  assert.equal(status, 0, said);
});

test('Spectral has nothing to say about it either', () => {
  const { status, said } = run('spectral', 'lint', '--fail-severity', 'hint', '--ruleset', `${openapi}.spectral.yaml`, `${openapi}v1.json`);
  assert.equal(status, 0, said);
});
