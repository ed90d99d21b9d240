# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The fuzzers, for a minute or so together; CURFEW_FUZZ_SECONDS is the time for each target (default 8). What they keep in
# the repository is run by the ordinary tests, too.
needs_fuzz="build test fuzz"
fuzz() { python3 tests/fuzz/fuzz.py --seconds "${CURFEW_FUZZ_SECONDS:-8}" --jobs "$jobs" build/fuzz/tests/fuzz/fuzzers; }
stage_fuzz() {
  if build fuzz fuzzers; then
    count "the fuzzers" fuzz
  else
    failed=$((failed + 1))
    heading "failed: the build of fuzz"
  fi
}
