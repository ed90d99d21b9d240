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

# Ninja's lines [done/all] and ctest's done/all: on a terminal as they are, otherwise one every ten seconds, with what is
# neither `done/all` nor a ctest's `Start` as it is. Everything goes to the log. (Not awk: it reads a pipe in blocks.)
progress() {
  local line shown=-10
  : >"$log"
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$log"
    if [[ -t 1 ]]; then
      printf '%s\n' "$line"
    elif [[ $line =~ ^\ *\[?([0-9]+)/([0-9]+)(\]|\ Test\ .*\ Passed\ ) ]]; then
      ((SECONDS - shown >= 10)) || [[ ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" ]] || continue
      shown=$SECONDS
      printf '   %s of %s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
    elif [[ ${1-} == all && ! $line =~ ^\ *Start ]]; then
      printf '%s\n' "$line"
    fi
  done
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
