import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../../../src/WebApi/', import.meta.url));

/**
 * Starts the built service on a free port with a database of its own. PHONEAUTH_SERVICE may name another command line
 * to start it with; by default it is the newest build in src/WebApi/bin. Who has to know the address beforehand names it.
 */
export async function startService(settings = {}, baseUrl = undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'phoneauth-service-'));
  baseUrl ??= `http://127.0.0.1:${await freePort()}`;
  const environment = {
    ...process.env,
    ASPNETCORE_ENVIRONMENT: 'Development',
    ASPNETCORE_URLS: baseUrl,
    ConnectionStrings__Database: `Data Source=${join(folder, 'phoneauth.db')}`,
    SecretKey: 'only-for-tests-only-for-tests-only-for-tests',
    Sms__Simulated__Delay: '00:00:00',
    Verification__ResendWait: '00:00:00',
    // Everybody here comes from one address.
    RateLimits__SendCodePerHour: '0',
    RateLimits__SendCodePerDay: '0',
    RateLimits__VerifyCodePerMinute: '0',
    RateLimits__FailedCodesPerDay: '0',
    ...settings,
  };
  let service;

  const running = {
    baseUrl,
    async start() {
      const [command, ...parameters] = commandLine();
      service = spawn(command, parameters, { cwd: project, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [service.stdout, service.stderr]) stream.on('data', text => { said += text; });
      await until(async () => {
        if (service.exitCode !== null) throw new Error(`The service ended with ${service.exitCode}:\n${said}`);
        const answer = await fetch(`${baseUrl}/health/ready`).catch(() => null);
        return answer?.ok;
      });
    },
    /** @param {NodeJS.Signals} [signal] SIGKILL for a crash */
    async stop(signal = 'SIGTERM') {
      if (service.exitCode !== null || service.signalCode !== null) return;
      const ended = new Promise(resolve => service.once('exit', resolve));
      service.kill(signal);
      await ended;
    },
    async close() {
      await running.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
    /** The code that the simulated gateway has delivered after all the messages seen so far. */
    async code(phoneNumber, seen = 0) {
      const inbox = `${baseUrl}/dev/messages?phoneNumber=${encodeURIComponent(phoneNumber)}`;
      return until(async () => {
        const messages = await (await fetch(inbox)).json();
        return messages.length > seen && messages[0].code;
      });
    },
  };
  await running.start();
  return running;
}

function commandLine() {
  if (process.env.PHONEAUTH_SERVICE) return process.env.PHONEAUTH_SERVICE.split(' ');
  const [built] = ['Release', 'Debug'].map(configuration => join(project, `bin/${configuration}/net10.0/PhoneAuth.WebApi.dll`)).filter(existsSync)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!built) throw new Error('Build the service first: dotnet build src/WebApi');
  return ['dotnet', built];
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Asks again and again, for another process's clock cannot be turned; gives up after a minute. */
export async function until(ask) {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error('Nothing happened for a minute.');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
