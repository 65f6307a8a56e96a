import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import test from 'node:test';
import { root, text } from './files.mjs';

const dockerfile = text('docker/Dockerfile').replaceAll('\\\n', ' ').split('\n').filter((line) => line && !line.startsWith('#'));
const lastStage = dockerfile.slice(dockerfile.findLastIndex((line) => line.startsWith('FROM ')));
const restore = dockerfile.findIndex((line) => line.includes('dotnet restore'));

/** A project and all that it refers to. */
const projects = (path, found = new Set()) => {
  found.add(path);
  for (const [, reference] of text(path).matchAll(/<ProjectReference Include="([^"]+)"/g)) {
    projects(posix.join(dirname(path), reference), found);
  }
  return found;
};

test('Every project and its lock file is there before the restore, and no source is', () => {
  const copied = dockerfile.slice(0, restore).filter((line) => line.startsWith('COPY')).flatMap((line) => line.split(/\s+/).slice(1, -1));
  const expected = [...projects('src/WebApi/WebApi.csproj')].flatMap((path) => [path, `${dirname(path)}/packages.lock.json`]);
  assert.deepEqual(copied.filter((path) => path.startsWith('src')).sort(), expected.sort());
});

test('What is copied exists, and the build context lets it in', () => {
  const allowed = text('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  for (const line of dockerfile.filter((each) => each.startsWith('COPY') && !each.includes('--from='))) {
    for (const path of line.split(/\s+/).slice(1, -1)) {
      assert.ok(existsSync(join(root, path)), `${path} does not exist`);
      assert.ok(allowed.some((entry) => path === entry || path.startsWith(`${entry}/`)), `${path} is ignored`);
    }
  }
});

test('Packages are those of the lock files', () => assert.match(dockerfile[restore], /--locked-mode/));

test('The service runs as a user without privileges, in an image without a shell', () => {
  assert.match(lastStage[0], /-chiseled$/);
  assert.ok(lastStage.includes('USER 1654:1654'));
  assert.deepEqual(lastStage.filter((line) => line.startsWith('RUN')), []);
});

test('The health check is the service’s own command', () => {
  const check = lastStage.find((line) => line.startsWith('HEALTHCHECK'));
  assert.match(check, /CMD \["\/app\/PhoneAuth\.WebApi", "health"\]$/);
});

test('The image says what it is', () => {
  const labels = lastStage.find((line) => line.startsWith('LABEL'));
  for (const name of ['title', 'description', 'licenses', 'version', 'revision', 'base.name']) {
    assert.match(labels, new RegExp(`org\\.opencontainers\\.image\\.${name.replace('.', '\\.')}=`));
  }
});
