import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { list, root, yaml } from './files.mjs';

const folder = 'docker/kubernetes';
const files = list(folder).filter((name) => name !== 'kustomization.yaml');
const manifests = Object.fromEntries(files.map((name) => [name, yaml(`${folder}/${name}`)]));
const byKind = (kind) => Object.values(manifests).find((manifest) => manifest.kind === kind);
const podSpecs = () => [byKind('Deployment').spec.template.spec, byKind('Job').spec.template.spec];

/** Every manifest as a typed constant: the compiler refuses a field that its type does not have, which a validator lets pass. */
const unknownFields = (values) => {
  const place = mkdtempSync(join(root, 'docker/tests/node_modules/.manifests-'));
  try {
    Object.values(values).forEach((manifest, index) => {
      const [group, version] = manifest.apiVersion.includes('/') ? manifest.apiVersion.split('/') : ['core', manifest.apiVersion];
      const type = `import('kubernetes-types/${group.replace('.k8s.io', '')}/${version}').${manifest.kind}`;
      writeFileSync(join(place, `${index}.ts`), `export const manifest: ${type} = ${JSON.stringify(manifest)};\n`);
    });
    execFileSync(
      process.execPath,
      [join(root, 'docker/tests/node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler',
        ...Object.keys(values).map((_, index) => join(place, `${index}.ts`))],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return '';
  } catch (error) {
    return error.stdout + error.stderr;
  } finally {
    rmSync(place, { recursive: true });
  }
};

for (const [name, manifest] of Object.entries(manifests)) {
  test(`${name} is what the schema of its kind asks for`, async () => {
    const module = await import(`kubernetes-models/${manifest.apiVersion}/${manifest.kind}`);
    new module[manifest.kind](manifest).validate();
  });
}

test('No manifest has a field that its kind does not know', () => assert.equal(unknownFields(manifests), ''));

test('A misspelt field is found', () => {
  const misspelt = structuredClone(byKind('Deployment'));
  misspelt.spec.template.spec.containers[0].readynessProbe = misspelt.spec.template.spec.containers[0].readinessProbe;
  assert.match(unknownFields({ misspelt }), /readynessProbe/);
});

test('The kustomization applies every manifest', () => {
  assert.deepEqual([...yaml(`${folder}/kustomization.yaml`).resources].sort(), files);
});

test('What selects the replicas selects them by labels that they have', () => {
  const { labels } = byKind('Deployment').spec.template.metadata;
  const selectors = [
    byKind('Deployment').spec.selector.matchLabels,
    byKind('Service').spec.selector,
    byKind('PodDisruptionBudget').spec.selector.matchLabels,
    byKind('NetworkPolicy').spec.podSelector.matchLabels,
    byKind('Deployment').spec.template.spec.topologySpreadConstraints[0].labelSelector.matchLabels,
  ];
  for (const selector of selectors) {
    assert.deepEqual(Object.entries(selector).filter(([key, value]) => labels[key] !== value), []);
  }
});

test('The service does not send requests to the migration', () => {
  const { labels } = byKind('Job').spec.template.metadata;
  assert.ok(Object.entries(byKind('Service').spec.selector).some(([key, value]) => labels[key] !== value));
});

test('No container has more rights than it needs', () => {
  for (const spec of podSpecs()) {
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.equal(spec.securityContext.seccompProfile.type, 'RuntimeDefault');
    for (const { securityContext, resources } of spec.containers) {
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.equal(securityContext.readOnlyRootFilesystem, true);
      assert.deepEqual(securityContext.capabilities.drop, ['ALL']);
      assert.ok(resources.limits.memory);
    }
  }
});

test('The kubelet waits longer for a stop than the service takes', () => {
  assert.ok(byKind('Deployment').spec.template.spec.terminationGracePeriodSeconds > 30);
});

test('A replica lives while its database is away, and only gets no requests', () => {
  const [{ livenessProbe, readinessProbe }] = byKind('Deployment').spec.template.spec.containers;
  assert.equal(livenessProbe.httpGet.path, '/health/live');
  assert.equal(readinessProbe.httpGet.path, '/health/ready');
});
