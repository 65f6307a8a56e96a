#!/usr/bin/env bash
# Keeps what a release leaves behind, for the test that upgrades it: both databases with some people in them, under tests/WebApi.Tests/Operations/Releases.
# Run it on the commit that is released. PHONEAUTH_TEST_POSTGRES: an administrator's connection string, as ./test.sh has it.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
: "${PHONEAUTH_TEST_POSTGRES:?names no PostgreSQL server}"
version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
target=$PWD/tests/WebApi.Tests/Operations/Releases
scratch=$(mktemp -d)
service=
finish() { [ -z "$service" ] || kill "$service" 2>/dev/null || true; wait; rm -rf "$scratch"; }
trap finish EXIT

part() { tr ';' '\n' <<<"$PHONEAUTH_TEST_POSTGRES" | sed -n "s/^$1=//Ip"; }
export PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE=phoneauth_release
PGHOST=$(part Host) PGPORT=$(part Port) PGUSER=$(part Username) PGPASSWORD=$(part Password)

mkdir -p "$target"
dotnet build src/WebApi --configuration Release >/dev/null

member() { grep -o "\"$1\":\"[^\"]*\"" | head -1 | cut -d'"' -f4; }
post() { curl -fsS "$api$1" -H 'Content-Type: application/json' -d "$2" "${@:3}"; }

# sign_in NUMBER: prints the answer of verify-code.
sign_in() {
  local code= try
  post /send-code "{\"phoneNumber\":\"$1\"}" >/dev/null
  for try in $(seq 50); do
    code=$(curl -fsS "$api/dev/messages" --get --data-urlencode "phoneNumber=$1" | member code) && [ -n "$code" ] && break
    sleep 0.1
  done
  post /verify-code "{\"phoneNumber\":\"$1\",\"code\":\"$code\",\"deviceName\":\"Release\"}"
}

# keep KIND CONNECTION: people in a database of this kind, who they are, and the database as text.
keep() {
  local kind=$1 inviter friend port=$((RANDOM % 20000 + 10000))
  api=http://127.0.0.1:$port
  (cd "$scratch" && exec env ASPNETCORE_ENVIRONMENT=Testing ASPNETCORE_URLS="$api" ConnectionStrings__Database="$2" Sms__Simulated__Inbox=true \
    Sms__Simulated__Delay=00:00:00 SecretKey='a secret key that only tests know: 7Qm2x9' \
    dotnet "$OLDPWD/src/WebApi/bin/Release/net10.0/PhoneAuth.WebApi.dll") >"$scratch/$kind.log" 2>&1 &
  service=$!
  until curl -fsS "$api/health/ready" >/dev/null 2>&1; do kill -0 "$service" || { cat "$scratch/$kind.log" >&2; exit 1; }; sleep 0.2; done
  inviter=$(sign_in +79000000001)
  friend=$(sign_in +79000000002)
  post /profile/+79000000002 "{\"inviteCode\":\"$(member inviteCode <<<"$inviter")\"}" -H "Authorization: Bearer $(member accessToken <<<"$friend")" >/dev/null
  post /send-code '{"phoneNumber":"+79000000003"}' >/dev/null
  curl -sS "$api/verify-code" -H 'Content-Type: application/json' -d '{"phoneNumber":"+79000000003","code":"0000"}' >/dev/null
  cat >"$target/$version.$kind.json" <<JSON
{
  "version": "$version",
  "keptAt": "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
  "inviter": { "phoneNumber": "+79000000001", "inviteCode": "$(member inviteCode <<<"$inviter")", "refreshToken": "$(member refreshToken <<<"$inviter")" },
  "friend": { "phoneNumber": "+79000000002", "inviteCode": "$(member inviteCode <<<"$friend")", "refreshToken": "$(member refreshToken <<<"$friend")" }
}
JSON
  kill "$service"
  wait "$service" || true
  service=
}

keep Sqlite "Data Source=$scratch/phoneauth.db"
sqlite3 "$scratch/phoneauth.db" .dump >"$target/$version.Sqlite.sql"

dropdb --if-exists "$PGDATABASE"
createdb "$PGDATABASE"
keep PostgreSql "$PHONEAUTH_TEST_POSTGRES;Database=$PGDATABASE"
# Statements alone, that any server of this or a later version takes: psql's own words and settings of the session are left out.
pg_dump --inserts --no-owner --no-privileges | grep -vE '^(\\|SET |SELECT pg_catalog\.set_config|--|$)' >"$target/$version.PostgreSql.sql"
dropdb "$PGDATABASE"
ls -l "$target"
