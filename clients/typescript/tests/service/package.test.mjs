import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startService } from '../support/service.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('The package, in an empty project', () => {
  let service, project;
  before(async () => {
    service = await startService();
    project = mkdtempSync(join(tmpdir(), 'phoneauth-package-'));
  });
  after(async () => {
    await service?.close();
    if (project) rmSync(project, { recursive: true });
  });

  const npm = (folder, ...parameters) => {
    const run = spawnSync('npm', [...parameters, '--no-audit', '--no-fund'], { cwd: folder, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stdout + run.stderr);
    return run.stdout;
  };

  test('is installed without a network, and the first lines of its README sign a phone in', async () => {
    // Built already; building again would take the module from under the other tests.
    const [packed] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', project));
    assert.deepEqual(packed.files.map(file => file.path).filter(path => !/^(dist\/.*|README\.md|LICENSE|package\.json)$/.test(path)), []);
    writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
    npm(project, 'install', '--offline', join(project, packed.filename));

    const [, lines] = /```js\n([\s\S]*?)```/.exec(readFileSync(`${root}README.md`, 'utf8'));
    const statements = lines.split('\n').filter(line => line.trim());
    assert.ok(statements.length <= 10, `${statements.length} lines`);
    writeFileSync(join(project, 'index.js'), lines.replace('http://localhost:8080', service.baseUrl));

    const program = spawn(process.execPath, ['index.js'], { cwd: project });
    let said = '';
    const answers = [['Phone number: ', () => '8 (900) 765-43-21'], ['Code: ', () => service.code('+79007654321')]];
    program.stdout.on('data', async text => {
      said += text;
      if (answers.length && said.endsWith(answers[0][0])) program.stdin.write(`${await answers.shift()[1]()}\n`);
    });
    program.stderr.on('data', text => { said += text; });
    const status = await new Promise(resolve => program.once('close', resolve));
    assert.equal(status, 0, said);
    assert.match(said, /Signed in as \+79007654321, invite code [2-9A-HJ-NP-Z]{6}/);
  });
});
