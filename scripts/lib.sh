# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What scripts/demo, scripts/test and the stages share. Sourced, in the repository's top folder.
jobs=${CURFEW_JOBS:-$(nproc)}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

heading() { printf '\n== %s\n' "$*"; }

# What was compiled before, in this checkout or another, is not compiled again.
use_ccache() {
  local probe works
  probe=$(mktemp -d)
  echo 'int main() {}' >"$probe/probe.cpp"
  ccache g++ -c "$probe/probe.cpp" -o "$probe/probe.o" >/dev/null 2>&1
  works=$?
  rm -rf "$probe"
  ((works == 0)) || return 0
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=pch_defines,time_macros
}

# Ninja's lines [done/all]: on a terminal as they are, otherwise one for each tenth. Everything goes to the log.
progress() {
  if [[ -t 1 ]]; then
    tee "$log"
    return
  fi
  tee "$log" | awk -F'[][/]' '/^\[[0-9]+\/[0-9]+\]/ {
      tenth = int(10 * $2 / $3)
      if (tenth > shown || shown == "") { printf "   %d of %d steps\n", $2, $3; fflush(); shown = tenth }
    }'
}

# build PRESET [TARGET...]: configures and builds; what went wrong is shown.
build() {
  local preset=$1
  shift
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log"
    return 1
  fi
  NINJA_STATUS='[%f/%t] ' cmake --build --preset "$preset" -j "$jobs" ${1:+--target "$@"} 2>&1 | progress
  local status=${PIPESTATUS[0]}
  ((status == 0)) || [[ -t 1 ]] || cat "$log"
  return "$status"
}
