# Sourced, with the script's name: a folder of its own in $scratch, which goes with it as throw-away servers do; and an environment that says the same everywhere.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en LC_ALL=C.UTF-8
export MSBUILDDISABLENODEREUSE=1 # no build process outlives the run
export HOME="${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/phoneauth-$1.XXXXXX")
finish() {
  local status=$?
  trap - EXIT
  stop_postgres
  rm -rf "$scratch"
  exit "$status"
}
stop_postgres() { :; } # until the real one is sourced
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
