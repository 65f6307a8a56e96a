import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
export const libraries = fileURLToPath(new URL('../../src/WebApi/wwwroot/lib/', import.meta.url));

/** What the page takes from outside wwwroot: file name in wwwroot/lib, where it comes from. */
const entries = [
  { file: 'phoneauth.js', from: '../typescript/src/index.ts' },
  { file: 'phone-numbers.js', from: 'src/phone-numbers.js', package: 'libphonenumber-js' },
  { file: 'qr-code.js', from: 'src/qr-code.js', package: 'qrcode-generator' },
];

/** Builds all in memory: the same bytes on every machine, for the versions are exact. */
export function bundles() {
  return Promise.all(entries.map(async entry => {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [entry.from],
      bundle: true,
      minify: true,
      format: 'esm',
      target: 'es2022',
      charset: 'utf8',
      legalComments: 'inline',
      write: false,
      banner: { js: banner(entry.package) },
    });
    return { file: entry.file, text: result.outputFiles[0].text };
  }));
}

function banner(name) {
  const note = '// Built by clients/page; do not edit.';
  if (!name) return note;
  const { version, license } = JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8'));
  return `${note} Contains ${name} ${version} (${license}).`;
}
