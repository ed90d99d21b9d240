# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the stages share. A stage is a file NAME.sh in this folder, with a function stage_NAME, which calls what is here,
# and needs_NAME: the purposes of scripts/setup whose packages it needs (default: build test).
passed=0
failed=0
skipped=0
without_randomisation=()

# count NAME COMMAND...: one thing that is no ctest run counts as one test.
count() {
  local name=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    heading "failed: $name"
  fi
}

# The older ThreadSanitizer runtimes cannot lay out their memory under some kernels' address randomisation.
choose_randomisation() {
  local probe
  probe=$(mktemp -d)
  echo 'int main() {}' >"$probe/probe.cpp"
  if g++ -fsanitize=thread "$probe/probe.cpp" -o "$probe/probe"; then
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      "$probe/probe" >/dev/null 2>&1 || without_randomisation=(setarch "$(uname -m)" -R)
    done
  fi
  rm -rf "$probe"
}

# run_ctest PRESET [ARGUMENT...]: counts what ctest counts, and shows how far it is and each failure.
run_ctest() {
  local preset=$1
  shift
  "${without_randomisation[@]}" ctest --preset "$preset" -j "$jobs" ${CURFEW_LEAVE_OUT:+-LE "$CURFEW_LEAVE_OUT"} "$@" 2>&1 |
    progress all
  local line
  line=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -n 1)
  if [[ $line =~ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]]; then
    failed=$((failed + BASH_REMATCH[1]))
    local not_run
    not_run=$(grep -cE '\*\*\*Skipped' "$log")
    skipped=$((skipped + not_run))
    passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1] - not_run))
  else
    failed=$((failed + 1))
    heading "failed: ctest of $preset gave no result"
  fi
}

# build_and_test PRESET [CTEST-ARGUMENT...]
build_and_test() {
  local preset=$1 started=$SECONDS
  if build "$preset"; then
    echo "built in $((SECONDS - started)) s"
    run_ctest "$@"
  else
    failed=$((failed + 1))
    heading "failed: the build of $preset"
  fi
}
