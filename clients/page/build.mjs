import { mkdirSync, writeFileSync } from 'node:fs';
import { bundles, libraries } from './bundles.mjs';

mkdirSync(libraries, { recursive: true });
for (const { file, text } of await bundles()) writeFileSync(libraries + file, text);
