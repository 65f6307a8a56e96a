#!/usr/bin/env bash
# Holds all that the tests of WebApi.Tests ask and are answered against openapi/v1.json, by passing it through a proxy that validates it.
# Arguments go to `dotnet test`. It fails on a violation, and when too little passed to have told anything.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
least=10000
. scripts/scratch.sh contract
. scripts/tools.sh
. scripts/throwaway-postgres.sh
need_dotnet
need_node
need_postgres
export PHONEAUTH_TEST_POSTGRES_PROGRAMS=$postgres_bin
[ -n "${PHONEAUTH_TEST_POSTGRES:-}" ] || start_postgres
need_database_clients

# The document is left as it is checked in: it is what the service is held against.
{ (cd tests/contract && npm ci --no-audit --no-fund) && dotnet restore PhoneAuth.sln --locked-mode &&
  CI=true dotnet build tests/WebApi.Tests --no-restore; } >"$scratch/build.log" 2>&1 </dev/null ||
  { cat "$scratch/build.log" >&2; stop "The build failed."; }

began=$SECONDS status=0
export PHONEAUTH_TEST_PRISM=$PWD/tests/contract/node_modules/.bin/prism PHONEAUTH_TEST_PRISM_FIGURES=$scratch/figures.json
dotnet test tests/WebApi.Tests --no-build --blame-hang-timeout 5m --blame-hang-dump-type none --results-directory "$scratch/results" "$@" \
  >"$scratch/tests.log" 2>&1 </dev/null || status=$?
[ "$status" = 0 ] || cat "$scratch/tests.log" >&2
[ -s "$PHONEAUTH_TEST_PRISM_FIGURES" ] || stop "The tests did not come to their end."

figure() { node --print "const { requests, operations, violations } = JSON.parse(fs.readFileSync(process.env.PHONEAUTH_TEST_PRISM_FIGURES)); $1"; }
[ "$(figure violations.length)" = 0 ] || figure 'violations.join("\n")' | sort | uniq --count >&2
printf '%d requests, %d of them to operations of the document, %d violations, %d s\n' \
  "$(figure requests)" "$(figure operations)" "$(figure violations.length)" $((SECONDS - began))
[ "$status" = 0 ] || stop "Tests failed."
[ "$(figure violations.length)" = 0 ] || stop "The service and its document disagree."
[ "$(figure operations)" -ge "$least" ] || stop "Fewer than $least requests to operations passed."
