import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const pages = new URL('../../../src/WebApi/wwwroot/js/', import.meta.url);
const { english } = await import(new URL('texts-en.js', pages));
const { russian } = await import(new URL('texts-ru.js', pages));

const flat = texts => Object.entries(texts).flatMap(([key, value]) =>
  typeof value === 'object' ? Object.entries(value).map(([inner, text]) => [`${key}.${inner}`, text]) : [[key, value]]);
const said = value => typeof value === 'function' ? value(2) : value;

test('Both languages have the same texts, and none is empty', () => {
  assert.deepEqual(flat(russian).map(([key]) => key), flat(english).map(([key]) => key));
  for (const [key, value] of [...flat(russian), ...flat(english)]) assert.ok(said(value).trim(), key);
});

test('Russian texts are Russian', () => {
  for (const [key, value] of flat(russian)) assert.match(said(value), /[а-яё]/i, key);
});

test('Every text is used, and every used text exists', () => {
  const sources = readdirSync(pages).filter(file => !file.startsWith('texts-')).map(file => readFileSync(new URL(file, pages), 'utf8')).join('\n');
  const used = new Set([...sources.matchAll(/\bt\.(?!problems\b)(\w+)/g)].map(([, key]) => key));
  assert.deepEqual([...used].filter(key => !(key in english)), []);
  assert.deepEqual(Object.keys(english).filter(key => key !== 'problems' && !used.has(key)), []);
  for (const key of Object.keys(english.problems)) assert.ok(new RegExp(`\\b${key}\\b`).test(sources), `problems.${key}`);
});

test('Numbers of tries are declined', () => {
  assert.match(russian.problems.code_invalid(1), /1 попытка\./);
  assert.match(russian.problems.code_invalid(3), /3 попытки\./);
  assert.match(russian.problems.code_invalid(5), /5 попыток\./);
  assert.match(russian.problems.code_invalid(0), /Запросите новый код/);
  assert.match(english.problems.code_invalid(1), /1 try left/);
});
