import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../src/WebApi/wwwroot/', import.meta.url));
const files = readdirSync(root, { recursive: true }).filter(file => /\.(html|css|js|svg)$/.test(file) && !file.startsWith('lib'));
const read = file => readFileSync(root + file, 'utf8');

test('The page is there', () => assert.ok(files.length > 15));

for (const file of files) {
  test(`${file} names no other host`, () => {
    const hosts = (read(file).match(/(https?:)?\/\/[a-z][\w.-]+\.[a-z]+/gi) ?? []).filter(url => !url.endsWith('//www.w3.org'));
    assert.deepEqual(hosts, []);
  });

  test(`${file} keeps to a Content-Security-Policy without unsafe-inline`, () => {
    assert.doesNotMatch(read(file), /\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+="|innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function|setAttribute\('style'/);
  });
}

test('Every module that is imported exists', () => {
  for (const file of files.filter(name => name.startsWith('js'))) {
    for (const [, from] of read(file).matchAll(/(?:from |import\()'([./][^']+)'/g)) {
      const path = from.startsWith('/') ? from.slice(1) : `js/${from.slice(2)}`;
      assert.doesNotThrow(() => read(path), `${file} imports ${from}`);
    }
  }
});

test('What index.html names exists', () => {
  for (const [, path] of read('index.html').matchAll(/(?:href|src)="\/([^"]+)"/g)) assert.doesNotThrow(() => read(path), path);
});
