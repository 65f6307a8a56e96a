// One minified module and its declarations in dist/.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.js',
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'esm',
  target: 'es2022',
});
const tsc = spawnSync(process.execPath, [fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'bin/tsc'), '-p', '.'], { cwd: root, stdio: 'inherit' });
process.exit(tsc.status ?? 1);
