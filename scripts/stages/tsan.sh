# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# ThreadSanitizer.
stage_tsan() {
  choose_randomisation
  build_and_test tsan
  without_randomisation=()
}
