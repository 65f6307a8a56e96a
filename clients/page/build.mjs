import { mkdirSync, writeFileSync } from 'node:fs';
import { bundles, libraries } from './bundles.mjs';

mkdirSync(libraries, { recursive: true });
for (const { file, bytes } of await bundles()) writeFileSync(libraries + file, bytes);
