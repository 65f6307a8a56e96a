#!/usr/bin/env bash
# Changes the code in many small ways and looks whether the tests beside it notice: scripts/mutation.sh [PART…], of domain, security and sign-in, all if none is
# named. Fails when a score is below what the part's configuration in tools/Mutation breaks at, or a mutant survives that docs/mutation.md does not explain;
# the scores go into that page.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
parts=("$@")
[ $# -gt 0 ] || parts=(domain security sign-in)
. scripts/scratch.sh mutation
. scripts/tools.sh
need_dotnet
need_node

# Stryker puts its mutants where the real assemblies were, so it works on a copy; and what tests leave behind when they are stopped goes with the scratch folder.
mkdir "$scratch/source" "$scratch/tmp"
export TMPDIR=$scratch/tmp
commit=$(git rev-parse --short HEAD)
git ls-files -z --cached --others --exclude-standard | tar --create --null --files-from - --ignore-failed-read | tar --extract --directory "$scratch/source"
dotnet restore "$scratch/source/PhoneAuth.sln" --locked-mode >"$scratch/restore.log" 2>&1 || { cat "$scratch/restore.log" >&2; stop "The restore failed."; }

status=0
stryker() { (cd "$scratch/source/tools/Mutation" && dotnet tool restore && dotnet stryker "$@"); }
for part in "${parts[@]}"; do
  began=$SECONDS
  stryker --config-file "$part.json" --output "$scratch/$part" --concurrency "$(nproc)" --skip-version-check --break-on-initial-test-failure \
    >"$scratch/$part.log" 2>&1 </dev/null || { status=1; tail -20 "$scratch/$part.log" >&2; }
  [ -f "$scratch/$part/reports/mutation-report.json" ] || stop "$part could not be run."
  printf '%-10s %5d s\n' "$part" $((SECONDS - began))
done

node scripts/mutation-survivors.mjs "$scratch" "$commit" "${parts[@]}" || status=1
exit "$status"
