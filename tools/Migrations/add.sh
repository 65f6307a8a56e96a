#!/usr/bin/env bash
# Makes a migration of the given name for both databases.
set -euo pipefail
cd "$(dirname "$0")/../.."
name=${1:?a name for the migration, such as AddSessions}
dotnet tool restore >/dev/null
for kind in PostgreSql Sqlite; do
  dotnet ef migrations add "$name" --context "${kind}Context" --project src/Infrastructure --startup-project tools/Migrations \
    --output-dir "Persistence/Migrations/$kind"
done
# The tool writes a byte order mark; the house does not.
sed -i '1s/^\xEF\xBB\xBF//' src/Infrastructure/Persistence/Migrations/*/*.cs
