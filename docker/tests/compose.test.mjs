import assert from 'node:assert/strict';
import test from 'node:test';
import { list, text, yaml } from './files.mjs';

const required = ['DEBUG', 'SECRET_KEY', 'POSTGRES_DB', 'POSTGRES_USER', 'POSTGRES_PASSWORD'];
const composeFiles = ['docker/common.yaml', 'docker/compose.yaml', 'docker/compose.scale.yaml'];
const example = Object.fromEntries(text('docker/.env.example').split('\n')
  .filter((line) => /^[A-Z]/.test(line)).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
const { phoneauth } = yaml('docker/common.yaml').services;
const services = (file) => Object.entries(yaml(file).services);

test('The root starts the compose file in docker', () => assert.deepEqual(yaml('compose.yaml').include, ['docker/compose.yaml']));

test('The example names every variable that must be set, and gives each a value', () => {
  assert.deepEqual(Object.keys(example), required);
  for (const name of required) assert.notEqual(example[name], '');
});

for (const name of required) {
  test(`A missing ${name} stops the start with a line that names it`, () => {
    const uses = composeFiles.flatMap((file) => [...text(file).matchAll(new RegExp(`\\$\\{${name}(:\\?([^}]*))?\\}`, 'g'))]);
    const guards = uses.filter((use) => use[1]);
    assert.ok(guards.length > 0);
    for (const guard of guards) assert.match(guard[2], new RegExp(`^${name} is missing, `));
  });
}

test('DEBUG has a file of settings for true and for false, and for nothing else', () => {
  assert.deepEqual(list('docker').filter((name) => name.startsWith('debug-')), ['debug-false.env', 'debug-true.env']);
  assert.match(text('docker/debug-true.env'), /^ASPNETCORE_ENVIRONMENT=Development$/m);
  assert.match(text('docker/debug-false.env'), /^ASPNETCORE_ENVIRONMENT=Production$/m);
  assert.ok(phoneauth.env_file[0].path.startsWith('debug-${DEBUG:?'));
});

test('The service has no rights, and writes nowhere but into its scratch folder', () => {
  assert.equal(phoneauth.read_only, true);
  assert.deepEqual(phoneauth.cap_drop, ['ALL']);
  assert.equal(phoneauth.cap_add, undefined);
  assert.deepEqual(phoneauth.security_opt, ['no-new-privileges:true']);
  assert.equal(phoneauth.privileged, undefined);
  assert.equal(phoneauth.volumes, undefined);
});

for (const file of composeFiles.slice(1)) {
  test(`${file}: whatever runs drops all capabilities and gains none by running another program`, () => {
    for (const [name, service] of services(file)) {
      const whole = service.extends ? { ...phoneauth, ...service } : service;
      assert.deepEqual(whole.cap_drop, ['ALL'], name);
      assert.deepEqual(whole.security_opt, ['no-new-privileges:true'], name);
    }
  });

  test(`${file}: the service starts once the migration is done, and the migration once the database answers over TCP`, () => {
    const all = yaml(file).services;
    assert.equal(all.api.depends_on.migrate.condition, 'service_completed_successfully');
    const databases = Object.keys(all).filter((name) => name.startsWith('database'));
    assert.deepEqual(Object.keys(all.migrate.depends_on).sort(), databases.sort());
    for (const name of databases) {
      assert.equal(all.migrate.depends_on[name].condition, 'service_healthy');
      assert.match(all[name].healthcheck.test[1], /pg_isready .*-h 127\.0\.0\.1 /);
    }
  });

  test(`${file}: only this machine reaches what is published, unless an operator says otherwise`, () => {
    const ports = services(file).flatMap(([, service]) => service.ports ?? []);
    assert.deepEqual(ports, ['${LISTEN:-127.0.0.1:8080}:8080']);
  });
}

test('Compose waits longer for a stop than the service takes', () => assert.ok(Number.parseInt(phoneauth.stop_grace_period, 10) > 30));

test('HAProxy has the one address that the service believes', () => {
  const { api, haproxy } = yaml('docker/compose.scale.yaml').services;
  const proxies = Object.keys(api.environment).filter((key) => key.startsWith('ForwardedHeaders__'));
  assert.deepEqual(proxies.map((key) => api.environment[key]), [haproxy.networks.default.ipv4_address]);
  assert.match(text('docker/scale/haproxy.cfg'), /http-request set-header X-Forwarded-For %\[src\]/);
});

test('HAProxy never sends a request twice that may have been carried out', () => {
  assert.deepEqual([...text('docker/scale/haproxy.cfg').matchAll(/^\s*retry-on (.*)$/gm)].map((line) => line[1]), ['conn-failure']);
});

test('A replica serves on longer than its proxy takes to notice that it leaves', () => {
  const [, inter, fall] = text('docker/scale/haproxy.cfg').match(/default-server inter (\d+)s fall (\d+)/);
  const [, seconds] = yaml('docker/compose.scale.yaml').services.api.environment.ShutdownDelay.match(/^00:00:(\d\d)$/);
  assert.ok(Number(seconds) > Number(inter) * Number(fall));
});
