#!/usr/bin/env bash
# Kills the service with SIGKILL while it sends, on both databases, and holds what arrives at a stub gateway against what was acknowledged:
# scripts/kill-run.sh [SENDS [KILLS]], 200 and 10 if not given. Everything has to arrive, nothing expired, and no more doubles than kills.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export PHONEAUTH_KILL_RUN_SENDS=${1:-200} PHONEAUTH_KILL_RUN_KILLS=${2:-10}
exec ./test.sh --filter FullyQualifiedName~KillTests
