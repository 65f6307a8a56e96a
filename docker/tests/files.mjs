import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The repository's root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The text of a file, by its path from the root. */
export const text = (path) => readFileSync(join(root, path), 'utf8');

/** A YAML file as a value; a key that occurs twice is an error. */
export const yaml = (path) => parse(text(path), { merge: true, uniqueKeys: true });

/** Names of the files in a folder. */
export const list = (folder) => readdirSync(join(root, folder)).sort();
