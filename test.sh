#!/usr/bin/env bash
# Sets up what is missing, checks the format, builds, runs every test. The last line is "N passed, N failed, N skipped";
# the run fails when a test failed, when one was skipped, or when a suite ran none.
# Arguments go to `dotnet test` and leave the front-end suites out: ./test.sh --filter FullyQualifiedName~VerifyCode
# PHONEAUTH_TEST_POSTGRES: an administrator's connection string without a database, instead of a throw-away cluster.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

# A front-end suite is a folder with a package.json whose `npm test` runs node's test runner. They wait for other programs half of their time, so there
# are two lanes of them, side by side; in each it is one after the other. Add new ones here.
front_end_lanes=("clients/typescript clients/page" "docs/tests docker/tests")

. scripts/scratch.sh test
. scripts/tools.sh
. scripts/throwaway-postgres.sh

passed=0 failed=0 skipped=0

# phase NAME COMMAND…: quiet and timed; prints all it said and ends the run when it fails.
phase() {
  local name=$1 began=$SECONDS
  shift
  if ! "$@" >"$scratch/phase.log" 2>&1 </dev/null; then
    cat "$scratch/phase.log" >&2
    stop "$name failed."
  fi
  printf '%-32s %4d s\n' "$name" $((SECONDS - began))
}

# count NAME SECONDS PASSED FAILED SKIPPED
count() {
  passed=$((passed + $3)) failed=$((failed + $4)) skipped=$((skipped + $5))
  printf '%-32s %4d s  %5d passed %5d failed %5d skipped\n' "$@"
}

# The numbers of a .NET suite come from its TRX file; whatever neither passed nor failed counts as skipped.
dotnet_suite() {
  local project=$1 name began=$SECONDS status=0 numbers
  shift
  name=$(basename "$project" .csproj)
  dotnet test "$project" --no-build --results-directory "$scratch/results" --logger "trx;LogFileName=$name.trx" \
    --blame-hang-timeout 5m --blame-hang-dump-type none "$@" >"$scratch/suite.log" 2>&1 </dev/null || status=$?
  numbers=$(sed -nE 's/.*<Counters total="([0-9]+)" executed="[0-9]+" passed="([0-9]+)" failed="([0-9]+)" error="([0-9]+)" timeout="([0-9]+)" aborted="([0-9]+)".*/\1 \2 $((\3+\4+\5+\6))/p' \
    "$scratch/results/$name.trx" 2>/dev/null | head -1)
  eval "set -- ${numbers:-0 0 0}"
  suite_result "$name" $((SECONDS - began)) "$status" "$2" "$3" $(($1 - $2 - $3))
}

# front_end_lane FOLDERS: leaves of each what it said, its status and its seconds, for front_end_result.
front_end_lane() {
  local folder began status said
  for folder in $1; do
    began=$SECONDS status=0 said=$scratch/${folder//\//-}
    (cd "$folder" && npm ci --no-audit --no-fund && npm test) >"$said.log" 2>&1 </dev/null || status=$?
    echo "$status $((SECONDS - began))" >"$said.end"
  done
}

front_end_result() {
  local folder=$1 said=$scratch/${1//\//-} status took
  read -r status took <"$said.end"
  mv "$said.log" "$scratch/suite.log"
  suite_result "$folder" "$took" "$status" "$(node_total pass)" "$(($(node_total fail) + $(node_total cancelled)))" "$(($(node_total skipped) + $(node_total todo)))"
}

# Node's test runner closes with its totals, as "# pass 3" or "ℹ pass 3"; a suite may run it more than once.
node_total() { sed -E 's/\x1b\[[0-9;]*m//g' "$scratch/suite.log" | awk -v word="$1" '($1 == "#" || $1 == "ℹ") && $2 == word && NF == 3 { sum += $3 } END { print sum + 0 }'; }

# suite_result NAME SECONDS STATUS PASSED FAILED SKIPPED: a suite that broke, or ran no test though all were asked for, is a failure too.
suite_result() {
  local name=$1 took=$2 status=$3 ok=$4 bad=$5 left=$6
  if [ "$bad" = 0 ] && { [ "$status" != 0 ] || { [ $((ok + left)) = 0 ] && [ "$narrowed" = no ]; }; }; then bad=1; fi
  if [ "$bad" != 0 ]; then cat "$scratch/suite.log"; fi
  count "$name" "$took" "$ok" "$bad" "$left"
}

narrowed=no
[ $# = 0 ] || narrowed=yes

# Many tests wait for processes that they start: one worker more than there are cores leaves none idle.
[ $# != 0 ] || set -- -- NUnit.NumberOfTestWorkers=$(($(nproc) + 1))

need_dotnet
need_node
need_chromium
need_faketime
need_postgres
export PHONEAUTH_TEST_POSTGRES_PROGRAMS=$postgres_bin # of which tests start servers to kill
[ -n "${PHONEAUTH_TEST_POSTGRES:-}" ] || start_postgres
need_database_clients

phase restore dotnet restore PhoneAuth.sln --locked-mode
[ ! -f .config/dotnet-tools.json ] || phase 'restore tools' dotnet tool restore
phase 'format check' dotnet format PhoneAuth.sln --verify-no-changes --no-restore
phase build dotnet build PhoneAuth.sln --no-restore -warnaserror

for project in tests/*/*.csproj; do dotnet_suite "$project" "$@"; done
if [ "$narrowed" = no ]; then
  # By xargs, whose children end with it on Ctrl-C; what the shell sends to the background does not.
  export scratch
  export -f front_end_lane
  printf '%s\n' "${front_end_lanes[@]}" | xargs -P "${#front_end_lanes[@]}" -I{} bash -euo pipefail -c 'front_end_lane "$1"' lane {}
  for folder in ${front_end_lanes[*]}; do front_end_result "$folder"; done
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$skipped" = 0 ] && [ "$passed" -gt 0 ]
