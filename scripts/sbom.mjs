// Writes the bill of materials (CycloneDX 1.6) of what a release ships, from the lock files: the service's packages, and what the page bundles.
//   node scripts/sbom.mjs VERSION >sbom.cdx.json
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const json = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const hex = (base64) => Buffer.from(base64, 'base64').toString('hex');

/** The licence that a NuGet package names, where it is restored on this machine. */
const nugetLicence = (name, version) => {
  const folder = join(process.env.NUGET_PACKAGES ?? join(homedir(), '.nuget/packages'), name.toLowerCase(), version);
  const file = join(folder, `${name.toLowerCase()}.nuspec`);
  const nuspec = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const expression = nuspec.match(/<license type="expression">([^<]+)<\/license>/)?.[1];
  const url = nuspec.match(/<licenseUrl>([^<]+)<\/licenseUrl>/)?.[1];
  if (expression) return { licenses: [{ expression }] };
  return url ? { licenses: [{ license: { name: url } }] } : {};
};

/** Packages that only the build uses are no part of what is shipped. */
const buildOnly = new Set(
  [...readFileSync(join(root, 'src/WebApi/WebApi.csproj'), 'utf8').matchAll(/Include="([^"]+)" PrivateAssets="all"/g),
    ...readFileSync(join(root, 'Directory.Build.props'), 'utf8').matchAll(/Include="([^"]+)" PrivateAssets="all"/g)].map((match) => match[1]));

const nuget = Object.entries(json('src/WebApi/packages.lock.json').dependencies['net10.0'])
  .filter(([name, { type }]) => type !== 'Project' && !buildOnly.has(name))
  .map(([name, { resolved, contentHash }]) => ({
    type: 'library',
    'bom-ref': `pkg:nuget/${name}@${resolved}`,
    name,
    version: resolved,
    hashes: [{ alg: 'SHA-512', content: hex(contentHash) }],
    ...nugetLicence(name, resolved),
    purl: `pkg:nuget/${name}@${resolved}`,
  }));

/** What the page's build takes from npm into wwwroot. */
const bundled = ['libphonenumber-js', 'qrcode-generator'];
const { packages } = json('clients/page/package-lock.json');
const npm = bundled.map((name) => {
  const { version, integrity, license } = packages[`node_modules/${name}`];
  return {
    type: 'library',
    'bom-ref': `pkg:npm/${name}@${version}`,
    name,
    version,
    hashes: [{ alg: 'SHA-512', content: hex(integrity.replace(/^sha512-/, '')) }],
    ...(license ? { licenses: [{ expression: license }] } : {}),
    purl: `pkg:npm/${name}@${version}`,
  };
});

const version = process.argv[2] ?? '0.0.0';
const components = [...nuget, ...npm].sort((a, b) => (a.purl < b.purl ? -1 : 1));
const self = `pkg:generic/phoneauth@${version}`;

// The same lock files give the same document: its serial number is made from them.
const digest = createHash('sha256').update(JSON.stringify([version, components])).digest('hex');
const serial = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;

process.stdout.write(JSON.stringify({
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${serial}`,
  version: 1,
  metadata: { component: { type: 'application', 'bom-ref': self, name: 'PhoneAuth', version, licenses: [{ expression: 'MIT' }] } },
  components,
  dependencies: [{ ref: self, dependsOn: components.map((component) => component['bom-ref']) }],
}, null, 2) + '\n');
