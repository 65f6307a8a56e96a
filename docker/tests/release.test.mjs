import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import Ajv from 'ajv';
import { root, text } from './files.mjs';

const [, version] = text('Directory.Build.props').match(/<VersionPrefix>(\d+\.\d+\.\d+)<\/VersionPrefix>/);
const bom = JSON.parse(execFileSync(process.execPath, [join(root, 'scripts/sbom.mjs'), version], { encoding: 'utf8' }));

test('The client has the version that stands in one place', () => {
  assert.equal(JSON.parse(text('clients/typescript/package.json')).version, version);
  assert.equal(JSON.parse(text('clients/typescript/package-lock.json')).version, version);
});

test('The changes of this version are told', () => assert.match(text('CHANGELOG.md'), new RegExp(`^## ${version.replaceAll('.', '\\.')}$`, 'm')));

test('The bill of materials names every package that the service ships, and no other', () => {
  const locked = Object.entries(JSON.parse(text('src/WebApi/packages.lock.json')).dependencies['net10.0']).filter(([, entry]) => entry.type !== 'Project').map(([name]) => name);
  const listed = bom.components.filter((component) => component.purl.startsWith('pkg:nuget/')).map((component) => component.name);
  assert.deepEqual(listed.filter((name) => !locked.includes(name)), []);
  assert.deepEqual(locked.filter((name) => !listed.includes(name)).sort(), ['Meziantou.Analyzer', 'Microsoft.Extensions.ApiDescription.Server']);
  for (const name of ['Npgsql', 'Serilog', 'MediatR']) assert.ok(listed.includes(name), name);
});

test('The bill of materials names what the page bundles', () => {
  const { devDependencies } = JSON.parse(text('clients/page/package.json'));
  for (const name of ['libphonenumber-js', 'qrcode-generator']) {
    assert.ok(bom.components.some((component) => component.purl === `pkg:npm/${name}@${devDependencies[name]}`), name);
  }
});

test('Every part has a version, a hash and an address', () => {
  // The rules of CycloneDX 1.6 for the members that are written, from its specification.
  const component = {
    type: 'object',
    required: ['type', 'name', 'version', 'bom-ref', 'purl', 'hashes'],
    additionalProperties: false,
    properties: {
      type: { enum: ['application', 'framework', 'library'] },
      'bom-ref': { type: 'string', minLength: 1 },
      name: { type: 'string', minLength: 1 },
      version: { type: 'string', maxLength: 1024 },
      purl: { type: 'string', pattern: '^pkg:(nuget|npm)/[^@]+@.+$' },
      hashes: { type: 'array', minItems: 1, items: { type: 'object', required: ['alg', 'content'], properties: { alg: { const: 'SHA-512' }, content: { type: 'string', pattern: '^[a-f0-9]{128}$' } } } },
      licenses: { type: 'array', minItems: 1, maxItems: 1, items: { type: 'object', minProperties: 1, maxProperties: 1, properties: { expression: { type: 'string' }, license: { type: 'object', required: ['name'] } }, additionalProperties: false } },
    },
  };
  const validate = new Ajv({ allErrors: true }).compile({
    type: 'object',
    required: ['bomFormat', 'specVersion', 'serialNumber', 'version', 'metadata', 'components'],
    properties: {
      bomFormat: { const: 'CycloneDX' },
      specVersion: { const: '1.6' },
      serialNumber: { type: 'string', pattern: '^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' },
      version: { type: 'integer', minimum: 1 },
      components: { type: 'array', minItems: 1, uniqueItems: true, items: component },
    },
  });
  assert.ok(validate(bom), JSON.stringify(validate.errors, null, 2));
});
