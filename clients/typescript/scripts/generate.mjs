// Writes src/generated/api.ts from openapi/v1.json. With an argument it writes there instead, so that a test can compare.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = process.argv[2] ?? 'src/generated/api.ts';
const tool = fileURLToPath(new URL('../node_modules/nswag/bin/nswag.js', import.meta.url));

const run = spawnSync(process.execPath, [tool, 'run', 'nswag.json'], { cwd: root, encoding: 'utf8' });
if (run.status !== 0) {
  process.stderr.write(run.stdout + run.stderr);
  process.exit(run.status ?? 1);
}

const generated = new URL('../src/generated/api.ts', import.meta.url);
// NSwag writes a byte order mark, trailing blanks and the line ends of its own templates.
const tidy = readFileSync(generated, 'utf8').replace(/^\uFEFF/, '').replace(/\r\n/g, '\n').replace(/[ \t]+$/gm, '').trimEnd() + '\n';
writeFileSync(generated, tidy);
if (output !== 'src/generated/api.ts') writeFileSync(output, tidy);
