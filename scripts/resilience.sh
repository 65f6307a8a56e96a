#!/usr/bin/env bash
# Kills, starves and misleads real processes in the long form, several times in a row, and writes docs/reliability.md from the figures:
# scripts/resilience.sh [RUNS [SOAK-MINUTES]], 3 and 15 if not given. The page is written when every run was green.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
runs=${1:-3}
export PHONEAUTH_RESILIENCE_SOAK_MINUTES=${2:-15}
. scripts/scratch.sh resilience
. scripts/tools.sh
. scripts/throwaway-postgres.sh
need_dotnet
need_node
need_faketime
need_postgres
export PHONEAUTH_TEST_POSTGRES_PROGRAMS=$postgres_bin
[ -n "${PHONEAUTH_TEST_POSTGRES:-}" ] || start_postgres

dotnet restore PhoneAuth.sln --locked-mode >"$scratch/build.log" 2>&1 &&
  dotnet build tests/Resilience.Tests --configuration Release --no-restore -p:OpenApiGenerateDocuments=false >>"$scratch/build.log" 2>&1 ||
  { cat "$scratch/build.log" >&2; stop "The build failed."; }

# One after the other: a figure is to be of one fault, not of what else the machine does.
for run in $(seq "$runs"); do
  began=$SECONDS
  PHONEAUTH_RESILIENCE_FIGURES=$scratch/$run.jsonl dotnet test tests/Resilience.Tests --configuration Release --no-build \
    ${PHONEAUTH_RESILIENCE_FILTER:+--filter "$PHONEAUTH_RESILIENCE_FILTER"} -- NUnit.NumberOfTestWorkers=1 >"$scratch/$run.log" 2>&1 </dev/null ||
    { cat "$scratch/$run.log" >&2; stop "Run $run failed."; }
  printf 'run %d of %d: green after %d s\n' "$run" "$runs" $((SECONDS - began))
done

node scripts/reliability-page.mjs "$("$postgres_bin/postgres" --version)" "$scratch"/*.jsonl >"$scratch/reliability.md"
mv "$scratch/reliability.md" docs/reliability.md
echo "docs/reliability.md is written"
