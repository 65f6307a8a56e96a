# Sourced by test.sh and bench/: a PostgreSQL cluster of the run's own, in a new folder, on a port that was free, as a user without privileges.

# PostgreSQL refuses to run as root; nobody else may then read the folder or sign in (a random password guards the port).
postgres_owner() { if id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi; }

# The server gets a signal when this shell dies, so that not even `kill -9` leaves it behind.
as_postgres() {
  local change=()
  if [ "$(id -u)" = 0 ]; then change=(--reuid "$(postgres_owner)" --regid "$(id -g "$(postgres_owner)")" --clear-groups); fi
  if command -v setpriv >/dev/null; then exec setpriv "${change[@]}" --pdeathsig QUIT -- "$@"; else exec "$@"; fi
}

# start_postgres [SETTING…]: in place of the settings that make tests fast, `-c name=value`.
start_postgres() {
  local password port try settings=("$@")
  # Durability is off because the cluster never outlives the run; everything the tests measure (locks, uniqueness) does not depend on it.
  [ $# -gt 0 ] || settings=(-c fsync=off -c full_page_writes=off)
  postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/phoneauth-postgres.XXXXXX")
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "$password" >"$postgres_folder/password"
  [ "$(id -u)" != 0 ] || chown -R "$(postgres_owner)" "$postgres_folder"
  (cd "$postgres_folder" && as_postgres "$postgres_bin/initdb" --pgdata data --username phoneauth --auth scram-sha-256 --pwfile password \
    --encoding UTF8 --locale C.UTF-8 --no-sync) >"$scratch/initdb.log" 2>&1 || { cat "$scratch/initdb.log" >&2; stop "initdb failed."; }

  for try in 1 2 3 4 5; do
    port=$((RANDOM % 20000 + 10000)) # below the range the kernel gives to outgoing connections
    (cd "$postgres_folder" && as_postgres "$postgres_bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 \
      -c unix_socket_directories="$postgres_folder" -c max_connections=300 "${settings[@]}" \
      -c log_min_messages=warning) >"$scratch/postgres.log" 2>&1 &
    postgres_pid=$!
    while kill -0 "$postgres_pid" 2>/dev/null; do
      if "$postgres_bin/pg_isready" --quiet --host 127.0.0.1 --port "$port" --username phoneauth --dbname postgres; then
        postgres_port=$port postgres_password=$password
        export PHONEAUTH_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=phoneauth;Password=$password"
        return
      fi
      sleep 0.1
    done
    wait "$postgres_pid" || true
    postgres_pid=
    grep -q 'could not bind' "$scratch/postgres.log" || break # another try helps only where the port was taken
  done
  cat "$scratch/postgres.log" >&2
  stop "The throw-away PostgreSQL did not start."
}

stop_postgres() {
  if [ -n "${postgres_pid:-}" ]; then
    kill -QUIT "$postgres_pid" 2>/dev/null || true
    wait "$postgres_pid" 2>/dev/null || true
  fi
  [ -z "${postgres_folder:-}" ] || rm -rf "$postgres_folder"
}
