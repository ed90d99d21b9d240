# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What README.md says to install: built, installed, stripped, uninstalled.
needs_release="build"
check_release() {
  local prefix size
  prefix=$(mktemp -d)
  build release && DESTDIR=$prefix cmake --install build/release --strip >"$log" || return
  size=$(du -sk "$prefix" | cut -f1)
  echo "installed: $size kB"
  ((size < 8000)) || return
  DESTDIR=$prefix cmake --build build/release --target uninstall >"$log" || return
  [[ -z $(find "$prefix" -type f) ]] || return
  rm -rf "$prefix"
}
stage_release() { count "the installation" check_release; }
