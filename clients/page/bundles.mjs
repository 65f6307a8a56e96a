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

/** One variable font for the two scripts that the page speaks. */
const fonts = ['latin', 'cyrillic'].map(script => ({
  file: `onest-${script}.woff2`, from: `@fontsource-variable/onest/files/onest-${script}-wght-normal.woff2`,
}));

/** Builds all in memory: the same bytes on every machine, for the versions are exact. */
export async function bundles() {
  const files = await Promise.all(entries.map(async entry => {
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
    return { file: entry.file, bytes: Buffer.from(result.outputFiles[0].contents) };
  }));
  return [
    ...files,
    ...fonts.map(({ file, from }) => ({ file, bytes: readFileSync(`${root}node_modules/${from}`) })),
    { file: 'LICENSES.txt', bytes: Buffer.from(licenses()) },
  ];
}

function banner(name) {
  const note = '// Built by clients/page; do not edit.';
  if (!name) return note;
  const { version, license } = JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8'));
  return `${note} Contains ${name} ${version} (${license}, see LICENSES.txt).`;
}

/** The notices that must travel with the bundles, from the packages themselves. */
function licenses() {
  const read = path => readFileSync(`${root}node_modules/${path}`, 'utf8').replaceAll('\r\n', '\n').trim();
  const mit = read('libphonenumber-js/LICENSE');
  const permission = mit.slice(mit.indexOf('Permission is hereby granted'));
  const qrAuthor = /Copyright \(c\) .*/.exec(read('qrcode-generator/dist/qrcode.mjs'))[0];
  return [
    `libphonenumber-js\n\n${mit}`,
    "Its numbering plans come from Google's libphonenumber, under the Apache License, Version 2.0:\nhttps://www.apache.org/licenses/LICENSE-2.0",
    `qrcode-generator\n\n(The MIT License)\n\n${qrAuthor}\n\n${permission}`,
    `Onest, the font\n\n${read('@fontsource-variable/onest/LICENSE')}`,
  ].join('\n\n---\n\n') + '\n';
}
