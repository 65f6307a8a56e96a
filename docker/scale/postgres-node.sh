#!/bin/bash
# One of two PostgreSQL nodes: a primary, and a standby that has every commit before it is answered.
#   NODE, PEER        this node's host name and the other's
#   FIRST             the node that makes the cluster when there is none
#   SILENCE           seconds without an answer of the primary after which the standby takes its place
#
# Why it is safe to promote without a third voter: a primary never goes on alone, it waits for its standby. So once the standby has
# taken over, whatever the old primary still does is never acknowledged. The node on the later timeline is right; the other one
# throws its data away and copies the right one's.
set -euo pipefail
: "${NODE:?}" "${PEER:?}" "${FIRST:?}" "${SILENCE:=3}" "${POSTGRES_USER:?}" "${POSTGRES_PASSWORD:?}" "${POSTGRES_DB:?}"

volume=/var/lib/postgresql/data
export PGDATA=$volume/cluster PGUSER=$POSTGRES_USER PGPASSWORD=$POSTGRES_PASSWORD PGDATABASE=postgres PGCONNECT_TIMEOUT=1
# The standby has been in step with its primary since it was copied. Outside the cluster's folder, so that a copy does not bring it along.
in_step=$volume/in-step

say() { echo "node $NODE: $*"; }
ask() { timeout 3 psql -h "$1" -XAtqc "$2" 2>/dev/null; }
ask_here() { ask /tmp "$1"; }
is_primary() { [ "$(ask "$1" 'SELECT pg_is_in_recovery()')" = f ]; }
timeline_of() { ask "$1" 'SELECT timeline_id FROM pg_control_checkpoint()'; }
timeline_here() { pg_controldata | sed -n "s/^Latest checkpoint's TimeLineID: *//p"; }
has_data() { [ -s "$PGDATA/PG_VERSION" ]; }
is_standby_data() { [ -e "$PGDATA/standby.signal" ]; }

make_cluster() {
  say "making the cluster"
  initdb --username "$POSTGRES_USER" --pwfile <(echo "$POSTGRES_PASSWORD") --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --set max_connections=300 >/dev/null
  printf 'host all all samenet scram-sha-256\nhost replication all samenet scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
}

copy_peer() {
  say "copying $PEER"
  rm -rf "$PGDATA" "$in_step"
  pg_basebackup -h "$PEER" -D "$PGDATA" --checkpoint fast --wal-method stream
  follow_peer
}

follow_peer() {
  touch "$PGDATA/standby.signal"
}

start_server() {
  postgres -c listen_addresses='*' -c unix_socket_directories=/tmp -c hot_standby=on -c wal_level=replica \
    -c wal_keep_size=512MB -c wal_receiver_status_interval=1s -c recovery_target_timeline=latest \
    -c primary_conninfo="host=$PEER user=$POSTGRES_USER application_name=$NODE connect_timeout=2" &
  server=$!
  trap 'stopping=yes; kill -INT "$server"' TERM INT # a fast shutdown: sessions end, nothing that was committed is lost
  until ask_here 'SELECT 1' >/dev/null; do
    kill -0 "$server" 2>/dev/null || { say "the server did not start"; exit 1; }
    sleep 0.2
  done
}

wait_for_standby() { ask_here "ALTER SYSTEM SET synchronous_standby_names = '$1'" && ask_here 'SELECT pg_reload_conf()' >/dev/null; }

promote() {
  say "$PEER has been silent for $SILENCE s: taking its place"
  rm -f "$in_step"
  # The new timeline is on disk before anything is acknowledged on it: whoever compares timelines later must see it.
  pg_ctl promote --wait >/dev/null
  ask_here CHECKPOINT
  wait_for_standby ''
}

watch_as_primary() {
  local streaming required
  if is_primary "$PEER"; then
    if [ "$(timeline_of "$PEER")" -gt "$(timeline_of /tmp)" ]; then
      say "$PEER has taken over: following it"
      kill -INT "$server"
      wait "$server" || true
      exit 1 # to be started again, as its standby
    fi
    return
  fi
  # From the moment a standby streams, nothing is acknowledged without it.
  streaming=$(ask_here "SELECT count(*) FROM pg_stat_replication WHERE application_name = '$PEER' AND state = 'streaming'") || return 0
  required=$(ask_here 'SHOW synchronous_standby_names') || return 0
  if [ "$streaming" != 0 ] && [ -z "$required" ]; then
    say "$PEER is in step: from now on it has every commit before it is answered"
    wait_for_standby "\"$PEER\""
  fi
}

silent=0 stopping=
watch_as_standby() {
  local state
  if state=$(ask "$PEER" "SELECT coalesce((SELECT sync_state FROM pg_stat_replication WHERE application_name = '$NODE'), '')"); then
    silent=0
    [ "$state" != sync ] || touch "$in_step"
  else
    silent=$((silent + 1))
    if [ "$silent" -lt "$SILENCE" ]; then return; fi
    if [ -e "$in_step" ]; then promote; silent=0
    elif [ "$silent" = "$SILENCE" ]; then say "$PEER is silent, but this node may lack some of its commits: waiting for it"; fi
  fi
}

if has_data && ! is_standby_data; then
  # It was a primary. The peer may have taken over since.
  if is_primary "$PEER" && [ "$(timeline_of "$PEER")" -gt "$(timeline_here)" ]; then copy_peer; fi
elif ! has_data && [ "$NODE" = "$FIRST" ] && ! is_primary "$PEER"; then
  make_cluster
elif ! has_data; then
  say "waiting for $PEER"
  until is_primary "$PEER"; do sleep 1; done
  copy_peer
fi

start_server
if [ "$(ask_here "SELECT count(*) FROM pg_database WHERE datname = '$POSTGRES_DB'")" = 0 ] && is_primary /tmp; then
  createdb -h /tmp "$POSTGRES_DB"
fi
while [ -z "$stopping" ] && kill -0 "$server" 2>/dev/null; do
  case $(ask_here 'SELECT pg_is_in_recovery()') in
    f) watch_as_primary ;;
    t) watch_as_standby ;;
  esac
  sleep 1 &
  wait $! || true
done
wait "$server"
