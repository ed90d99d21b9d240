# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# clang-tidy over src/, preload/ and tool/.
needs_tidy="build test tidy"
tidy() {
  cmake --preset default >"$log" || return
  "$(command -v run-clang-tidy-14 || echo run-clang-tidy)" -quiet -j "$jobs" -p build/default \
    "^$PWD/(src|preload|tool)/.*" >"$log" 2>/dev/null && return
  grep -E -A3 '(error|warning):' "$log"
  return 1
}
stage_tidy() { count "clang-tidy" tidy; }
