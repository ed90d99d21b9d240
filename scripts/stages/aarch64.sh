# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# arm64: cross-compiled; unit and lifetime tests under qemu-user, but those that it cannot run here (tests/qemu).
needs_aarch64="build test aarch64"

# what_qemu_cannot_run: a pattern of the names of tests, by the programs that show it.
what_qemu_cannot_run() {
  local program patterns=()
  for program in $(sed -n 's/^[^ #]*: //p' tests/qemu/cannot.txt | sort -u); do
    timeout 60 qemu-aarch64 -L /usr/aarch64-linux-gnu "build/aarch64/tests/qemu/qemu_$program" >/dev/null 2>&1 && continue
    mapfile -t -O ${#patterns[@]} patterns < <(sed -n "s/^\([^ #]*\): $program\$/\1/p" tests/qemu/cannot.txt)
  done
  local IFS='|'
  echo "^(${patterns[*]})\$"
}

stage_aarch64() {
  local started=$SECONDS
  if ! build aarch64; then
    failed=$((failed + 1))
    heading "failed: the build of aarch64"
    return
  fi
  echo "built in $((SECONDS - started)) s"
  run_ctest aarch64 -E "$(what_qemu_cannot_run)"
}
