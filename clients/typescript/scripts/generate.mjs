// Writes src/generated/api.ts from openapi/v1.json. With an argument it writes there instead, so that a test can compare.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = resolve(process.argv[2] ?? `${root}src/generated/api.ts`);

const run = spawnSync(process.execPath, ['node_modules/nswag/bin/nswag.js', 'run', 'nswag.json', `/variables:Output=${output}`], { cwd: root, encoding: 'utf8' });
if (run.status !== 0) {
  process.stderr.write(run.stdout + run.stderr);
  process.exit(run.status ?? 1);
}
// NSwag writes a byte order mark, trailing blanks and the line ends of its own templates.
const tidy = readFileSync(output, 'utf8').replace(/^\uFEFF/, '').replace(/\r\n/g, '\n').replace(/[ \t]+$/gm, '').trimEnd();
writeFileSync(output, `${tidy}\n`);
