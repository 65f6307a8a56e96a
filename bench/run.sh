#!/usr/bin/env bash
# Measures the service against what PostgreSQL and ASP.NET Core do by themselves, on this machine, in one run.
#   ./bench/run.sh                        the whole measurement; writes bench/results/<date>.json and .svg, and docs/performance.md
#   ./bench/run.sh --quick                a first look, in a few minutes; writes nothing
#   ./bench/run.sh --quick --only sign-in,L1 --seconds 5 --rounds 2 --clients 32 --users 10000 --set Section__Key=value
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

. scripts/scratch.sh bench
. scripts/tools.sh
. scripts/throwaway-postgres.sh

case $(stat --file-system --format %T "$scratch") in
  tmpfs | ramfs) stop "The scratch folder is in memory, where a commit costs nothing: point TMPDIR at a disk." ;;
esac
need_dotnet
need_postgres

out=bench/artifacts
if [ -z "${PHONEAUTH_BENCH_KEEP_BUILD:-}" ] || [ ! -x "$out/service/PhoneAuth.WebApi" ]; then
  echo "publishing"
  rm -rf "$out"
  dotnet restore PhoneAuth.sln --locked-mode >"$scratch/restore.log" 2>&1 || { cat "$scratch/restore.log" >&2; stop "Restoring failed."; }
  for project in src/WebApi:service bench/Hello:hello bench/LoadGenerator:generator; do
    dotnet publish "${project%:*}" --configuration Release --runtime linux-x64 --no-restore --no-self-contained -p:PublishReadyToRun=true -p:OpenApiGenerateDocuments=false \
      --output "$out/${project#*:}" >"$scratch/publish.log" 2>&1 || { cat "$scratch/publish.log" >&2; stop "Publishing ${project%:*} failed."; }
  done
fi

# Full durability, which is PostgreSQL's own default; memory and log as a machine of this size would be set up.
start_postgres -c fsync=on -c synchronous_commit=on -c full_page_writes=on \
  -c shared_buffers=2GB -c max_wal_size=8GB -c checkpoint_timeout=15min -c effective_cache_size=8GB

"$out/generator/PhoneAuth.LoadGenerator" prove --seconds 3
"$out/generator/PhoneAuth.LoadGenerator" run \
  --service "$PWD/$out/service/PhoneAuth.WebApi" --hello "$PWD/$out/hello/PhoneAuth.Hello" --sql "$PWD/bench/sql" --folder "$scratch" --root "$PWD" \
  --postgres-programs "$postgres_bin" --postgres-port "$postgres_port" --postgres-user phoneauth --postgres-password "$postgres_password" \
  --postgres-process "$postgres_pid" "$@"
