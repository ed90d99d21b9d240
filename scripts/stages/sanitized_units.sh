# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The unit tests under both sets of sanitizers: what .ci/run has the time for. `asan` and `tsan` are all tests.
stage_sanitized_units() {
  local preset
  for preset in asan tsan; do
    [[ $preset == tsan ]] && choose_randomisation
    if build "$preset" build_unit; then
      run_ctest "$preset" -L unit
    else
      failed=$((failed + 1))
      heading "failed: the build of $preset"
    fi
  done
  without_randomisation=()
}
