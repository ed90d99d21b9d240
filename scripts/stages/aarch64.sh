# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# arm64: cross-compiled; unit and lifetime tests under qemu-user, but those that it cannot run (tests/qemu/cannot.txt).
needs_aarch64="build test aarch64"
stage_aarch64() {
  local cannot
  cannot=$(sed -n 's/^\([a-z_.]\+\): .*/\1/p' tests/qemu/cannot.txt | paste -sd'|')
  build_and_test aarch64 -E "^($cannot)\$"
}
