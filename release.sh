#!/usr/bin/env bash
# Builds what a release ships into artifacts/, and starts each of it that can run here:
#   phoneauth-VERSION-linux-x64.tar.gz   the service, self-contained, as one file beside its page
#   phoneauth-client-VERSION.tgz         the TypeScript client
#   phoneauth-VERSION-image.tar.gz       the image, where a Docker engine is at hand
#   phoneauth-VERSION.cdx.json           the bill of materials
#   SHA256SUMS
# Other platforms (linux-arm64, osx-arm64, win-x64, …) need their runtime packs, Microsoft.NETCore.App.Runtime.<rid> and
# Microsoft.AspNetCore.App.Runtime.<rid>; with a feed that has them, name them in RuntimeIdentifiers in src/WebApi/WebApi.csproj and here:
platforms=(linux-x64)
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

version=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
revision=$(git rev-parse HEAD)
[ -z "$(git status --porcelain)" ] || { echo "Commit first: a release is a revision." >&2; exit 1; }
grep -q "^## $version$" CHANGELOG.md || { echo "CHANGELOG.md says nothing of $version." >&2; exit 1; }

artifacts=$PWD/artifacts
scratch=$(mktemp -d)
service= container=
finish() {
  [ -z "$service" ] || kill "$service" 2>/dev/null || true
  [ -z "$container" ] || docker rm -f "$container" >/dev/null 2>&1 || true
  wait
  rm -rf "$scratch"
}
trap finish EXIT
rm -rf "$artifacts"
mkdir -p "$artifacts"

# smoke ADDRESS: README's first sign-in, word by word, against this address.
smoke() {
  local try story
  for try in $(seq 100); do curl -fsS "$1/health/ready" >/dev/null 2>&1 && break; sleep 0.2; done
  story=$(awk '/^## Your first sign-in/ { found = 1 } found && /^```sh/ { inside = 1; next } inside && /^```/ { exit } inside' README.md)
  story=${story//http:\/\/localhost:8080/$1}
  bash -euo pipefail -c "$story" | grep -q '"inviteCode":"[0-9A-Z]\{6\}"' || { echo "No sign-in at $1." >&2; return 1; }
  echo "  signed in at $1"
}

# A copy of the revision: what a self-contained build adds to the lock files stays there.
mkdir "$scratch/source"
git archive HEAD | tar -x -C "$scratch/source"

for platform in "${platforms[@]}"; do
  echo "service for $platform"
  name=phoneauth-$version-$platform
  dotnet publish "$scratch/source/src/WebApi/WebApi.csproj" --configuration Release --runtime "$platform" --self-contained \
    -p:RestoreLockedMode=false -p:PublishSingleFile=true -p:IncludeNativeLibrariesForSelfExtract=true -p:DebugType=none -p:OpenApiGenerateDocuments=false \
    -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -p:SatelliteResourceLanguages=en \
    --output "$scratch/$name" >"$scratch/publish.log" 2>&1 || { cat "$scratch/publish.log" >&2; exit 1; }
  cp LICENSE CHANGELOG.md "$scratch/$name/"
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(git log -1 --format=%ct)" -C "$scratch" -c "$name" | gzip -n >"$artifacts/$name.tar.gz"
done

if [ "$(uname -sm)" = "Linux x86_64" ]; then
  mkdir "$scratch/run"
  tar -xzf "$artifacts/phoneauth-$version-linux-x64.tar.gz" -C "$scratch/run" --strip-components=1
  [ "$("$scratch/run/PhoneAuth.WebApi" --version)" = "$version" ] || { echo "The executable is not $version." >&2; exit 1; }
  port=$((RANDOM % 20000 + 10000))
  (cd "$scratch/run" && exec env -u DOTNET_ROOT ASPNETCORE_ENVIRONMENT=Development ASPNETCORE_URLS="http://127.0.0.1:$port" ./PhoneAuth.WebApi) >"$scratch/service.log" 2>&1 &
  service=$!
  smoke "http://127.0.0.1:$port" || { cat "$scratch/service.log" >&2; exit 1; }
  kill "$service"
  wait "$service"
  service=
fi

echo "TypeScript client"
(cd clients/typescript && npm ci --no-audit --no-fund && npm pack --pack-destination "$artifacts") >"$scratch/npm.log" 2>&1 || { cat "$scratch/npm.log" >&2; exit 1; }
mkdir "$scratch/consumer"
(cd "$scratch/consumer" && npm init -y && npm install --no-audit --no-fund "$artifacts"/phoneauth-client-*.tgz \
  && node --input-type=module -e "import { PhoneAuth } from '@phoneauth/client'; new PhoneAuth({ baseUrl: 'http://127.0.0.1' });") >"$scratch/npm.log" 2>&1 ||
  { cat "$scratch/npm.log" >&2; exit 1; }
echo "  installed and imported"

if docker info >/dev/null 2>&1; then
  echo "image"
  docker build --file docker/Dockerfile --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --tag "phoneauth:$version" ${DOCKER_BUILD_ARGS:-} . >"$scratch/image.log" 2>&1 ||
    { cat "$scratch/image.log" >&2; exit 1; }
  docker save "phoneauth:$version" | gzip -n >"$artifacts/phoneauth-$version-image.tar.gz"
  [ "$(docker run --rm --network none --read-only --cap-drop ALL "phoneauth:$version" --version)" = "$version" ] || { echo "The image is not $version." >&2; exit 1; }
  echo "  runs, and says that it is $version"
else
  echo "image: left out, no Docker engine is at hand"
fi

echo "bill of materials and checksums"
node scripts/sbom.mjs "$version" >"$artifacts/phoneauth-$version.cdx.json"
(cd "$artifacts" && sha256sum -- * >"$scratch/SHA256SUMS" && mv "$scratch/SHA256SUMS" . && sha256sum --check --quiet SHA256SUMS)
ls -l "$artifacts"
