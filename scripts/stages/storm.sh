# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Every program of the exit storm, with lock tracking, plain and under `curfew run`, many times each: hours. For the night.
# CURFEW_STORM_EXITS says how many exits each program makes (default 200).
stage_storm() {
  if build default; then
    count "the storm" python3 bench/exit_storm/storm.py --bin build/default/bench/exit_storm --flavour tracked,plain \
      -n "${CURFEW_STORM_EXITS:-200}" --timeout 60
  else
    failed=$((failed + 1))
    heading "failed: the build of default"
  fi
}
