#!/usr/bin/env bash
# Sends while the first of two gateways hangs, resets, answers 500 and 429, on both databases, and shows how long requests took:
# scripts/gateway-run.sh [SENDS], 200 for each fault if not given. Everything has to arrive at the second gateway, once.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export PHONEAUTH_GATEWAY_RUN_SENDS=${1:-200}
exec ./test.sh --filter FullyQualifiedName~FailingGatewayTests
