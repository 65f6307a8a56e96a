import assert from 'node:assert/strict';
import test from 'node:test';
import { list, text, yaml } from './files.mjs';

const folder = 'docker/observability';
const dashboard = JSON.parse(text(`${folder}/grafana/dashboards/phoneauth.json`));
const rules = yaml(`${folder}/alerts.yaml`).groups.flatMap((group) => group.rules);
const compose = yaml('docker/compose.observability.yaml');
const collector = yaml(`${folder}/collector.yaml`);

test('The parts that stand beside the service start only when their profile is asked for', () => {
  for (const [name, service] of Object.entries(compose.services).filter(([name]) => name !== 'api')) {
    assert.deepEqual(service.profiles, ['observability'], name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:/);
  }
});

test('What is mounted exists', () => {
  for (const volume of Object.values(compose.services).flatMap((service) => service.volumes ?? []).filter((each) => each.startsWith('./'))) {
    const path = volume.slice(2, volume.indexOf(':'));
    const parent = path.slice(0, path.lastIndexOf('/'));
    assert.ok(list(parent).includes(path.slice(parent.length + 1)), path);
  }
});

test('The service sends to the collector, and Prometheus asks where the collector answers', () => {
  const port = (endpoint) => endpoint.slice(endpoint.lastIndexOf(':'));
  assert.equal(compose.services.api.environment.OTEL_EXPORTER_OTLP_ENDPOINT, `http://collector${port(collector.receivers.otlp.protocols.grpc.endpoint)}`);
  const [scrape] = yaml(`${folder}/prometheus.yaml`).scrape_configs;
  assert.deepEqual(scrape.static_configs[0].targets, [`collector${port(collector.exporters.prometheus.endpoint)}`]);
  for (const pipeline of Object.values(collector.service.pipelines)) {
    for (const kind of ['receivers', 'processors', 'exporters']) for (const name of pipeline[kind]) assert.ok(name in collector[kind], name);
  }
});

test('Every alert says how bad it is and has a place in the operations page', () => {
  const places = [...text('docs/operations.md').matchAll(/^### (.*)$/gm)].map((match) => `docs/operations.md#${match[1].toLowerCase()}`);
  assert.deepEqual(rules.map((rule) => rule.annotations.runbook), places);
  for (const rule of rules) assert.match(rule.labels.severity, /^(page|warn)$/, rule.alert);
});

test('Every panel asks for something, and brackets are closed', () => {
  const panels = dashboard.panels.filter((panel) => panel.type !== 'row');
  assert.ok(panels.length > 10);
  for (const expr of [...panels.flatMap((panel) => panel.targets.map((target) => target.expr)), ...rules.map((rule) => rule.expr)]) {
    for (const [open, close] of ['()', '{}', '[]']) assert.equal(expr.split(open).length, expr.split(close).length, expr);
  }
});
