# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# What the stages share. A stage is a file NAME.sh in this folder, with a function stage_NAME, which calls what is here,
# and needs_NAME: the purposes of scripts/setup whose packages it needs (default: build test).
passed=0
failed=0
skipped=0
again=()  # what has passed only when it was run again
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

# result_of_ctest: "FAILED ALL SKIPPED" of the run in the log; nothing if ctest gave no result.
result_of_ctest() {
  local line
  line=$(grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -n 1)
  [[ $line =~ ([0-9]+)\ tests\ failed\ out\ of\ ([0-9]+) ]] || return 0
  echo "${BASH_REMATCH[1]} ${BASH_REMATCH[2]} $(grep -cE '\*\*\*Skipped' "$log")"
}

names_of_failed() { grep -E '^\s+[0-9]+ - \S+ \((Failed|Timeout|SEGFAULT|Subprocess aborted)' "$log" | awk '{print $3}'; }

# run_ctest PRESET [ARGUMENT...]: counts what ctest counts, and shows how far it is and each failure. Up to three tests
# that fail are run once more, alone: those that pass then are named at the end. CURFEW_ONCE=1: they are not.
run_ctest() {
  local preset=$1
  shift
  "${without_randomisation[@]}" ctest --preset "$preset" -j "$jobs" ${CURFEW_LEAVE_OUT:+-LE "$CURFEW_LEAVE_OUT"} "$@" 2>&1 |
    progress all
  local bad all not_run
  read -r bad all not_run <<<"$(result_of_ctest)"
  if [[ -n $bad ]] && ((bad > 0 && bad <= 3)) && [[ -z ${CURFEW_ONCE-} ]]; then
    local names still
    mapfile -t names < <(names_of_failed)
    heading "once more, alone: ${names[*]}"
    "${without_randomisation[@]}" ctest --preset "$preset" -j 1 --rerun-failed 2>&1 | progress all
    read -r still _ <<<"$(result_of_ctest)"
    if [[ -n $still ]] && ((still < bad)); then
      local bad_again
      bad_again=" $(names_of_failed | tr '\n' ' ')"
      local name
      for name in "${names[@]}"; do [[ $bad_again == *" $name "* ]] || again+=("$name"); done
      bad=$still
    fi
  fi
  if [[ -n $bad ]]; then
    failed=$((failed + bad))
    skipped=$((skipped + not_run))
    passed=$((passed + all - bad - not_run))
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
