// Writes docs/reliability.md to standard output, from the figures of several runs: reliability-page.mjs POSTGRESQL-VERSION RUN.jsonl…
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";

const [postgres, ...files] = process.argv.slice(2);
const runs = files.map((file) => readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line)));
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const today = new Date().toISOString().slice(0, 10);

const key = ({ what, figure }) => `${what}\n${figure}`;
const values = runs.map((run) => new Map(run.map((line) => [key(line), line.value])));
const rows = new Map(runs.flat().map((line) => [key(line), line]));
const groups = new Map();
for (const line of rows.values()) groups.set(line.what, [...(groups.get(line.what) ?? []), line]);

const table = (lines) =>
  [
    `| | has to be | ${runs.map((_, run) => `run ${run + 1}`).join(" | ")} |`,
    `|---|---|${runs.map(() => "--:|").join("")}`,
    ...lines.map((line) => `| ${line.figure} | ${line.promise} | ${values.map((run) => run.get(key(line)) ?? "–").join(" | ")} |`),
  ].join("\n");

console.log(`# What may break, and doesn't

Made by \`scripts/resilience.sh\` on ${today}, at ${commit}: ${runs.length === 1 ? "one run, green" : `${runs.length} runs in a row, all green`}. ${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()},
${postgres.trim()}. The service, its callers, the gateway and PostgreSQL share this machine, so times are of a busy one.

Each row is a fault on real processes: the service as it is deployed, and PostgreSQL servers that the tests start for themselves. *Acknowledged effects* are codes that were sent,
sign-ins, activations, refreshes and deletions that a caller was told have happened; each is asked for again through the API when the fault is over. *Faulty answers* are all that a
careful client is not ready for: anything but what it asked for, and 503 with \`Retry-After\`. The short form of the same tests is part of \`./test.sh\`.
`);
for (const [what, lines] of groups) {
  console.log(`## ${what}\n\n${table(lines)}\n`);
}
console.log(`## Held by the same tests, without a figure

- PostgreSQL absent at start, the pool exhausted, a statement time-out, a full disk, a database that may only be read: \`/health/live\` is 200, \`/health/ready\` is 200 exactly while what is
  known can be told, what cannot be done is 503 with \`Retry-After\`, and the same process serves again when it is over.
- Request-smuggling shapes and 100,000 bytes of headers get one answer at most, of 4xx, and their connection ends.
- Instances sign with the same keys and know each other's sessions, locks, limits and budgets.

By commands of their own: whether every answer is what the OpenAPI document says (\`scripts/contract.sh\`), and what the tests notice of changes to the code ([mutation.md](mutation.md)).`);
