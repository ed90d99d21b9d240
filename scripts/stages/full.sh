# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Every test of the usual build: also the consumers of an installed copy, the real libraries, and the storm with more runs.
needs_full="build test faults site"
stage_full() {
  build_and_test default
  count "the whole storm" python3 bench/exit_storm/storm.py --bin build/default/bench/exit_storm --flavour tracked,plain \
    -n 40 --timeout 20
}
