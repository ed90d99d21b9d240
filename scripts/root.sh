# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Stages that run inside another release of Debian. Its root is made once, by mmdebstrap, and kept: build/roots/SUITE, or
# where CURFEW_ROOTS says. It is entered with mounts of its own, which are gone with the process; what is built inside
# stays in build/in_SUITE.

# leave_out STAGE REASON: says why in one line.
leave_out() {
  echo "skipped: $1: $2"
  skipped=$((skipped + 1))
}

# make_root SUITE: false, and the reason in $log, if that is not possible.
make_root() {
  local suite=$1 root=${CURFEW_ROOTS:-build/roots}/$1
  [[ -x $root/bin/sh ]] && return
  mkdir -p "${root%/*}"
  rm -rf --one-file-system "$root.new"
  if mmdebstrap --variant=apt --include=ca-certificates "$suite" "$root.new" >"$log" 2>&1 </dev/null; then
    mv "$root.new" "$root"
  else
    rm -rf --one-file-system "$root.new"
    return 1
  fi
}

# in_root SUITE COMMAND...: in the repository's top folder there, with a build folder of its own.
in_root() {
  local suite=$1 root=${CURFEW_ROOTS:-build/roots}/$1
  shift
  mkdir -p "$root/curfew" "build/in_$suite"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null
  # shellcheck disable=SC2016
  unshare --mount --propagation private bash -c '
    root=$1 inside=$2
    shift 2
    mount --bind "$PWD" "$root/curfew" && mount --bind "$inside" "$root/curfew/build" &&
      mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/tmp" || exit 125
    exec chroot "$root" env -C /curfew HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
      CCACHE_DIR=/curfew/build/ccache CURFEW_JOBS="$CURFEW_JOBS" CURFEW_LEAVE_OUT="$CURFEW_LEAVE_OUT" "$@"
  ' in_root "$root" "build/in_$suite" "$@"
}

# test_in_root STAGE SUITE: the stage `quick` inside, whose count is added to ours.
test_in_root() {
  local stage=$1 suite=$2
  ((EUID == 0)) || { leave_out "$stage" "only root can enter another root" && return; }
  command -v mmdebstrap >/dev/null || { leave_out "$stage" "mmdebstrap is not installed" && return; }
  if ! make_root "$suite"; then
    leave_out "$stage" "no root of $suite: $(grep -m 1 -E '^E: ' "$log" || tail -n 1 "$log")"
    return
  fi
  in_root "$suite" scripts/test quick 2>&1 | tee "$log"
  local line not_run
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log" | tail -n 1)
  not_run=$(sed -n 's/^== [0-9]* s; skipped: \([0-9]*\)$/\1/p' "$log" | tail -n 1)
  if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1]))
    failed=$((failed + BASH_REMATCH[2]))
    skipped=$((skipped + ${not_run:-0}))
  else
    failed=$((failed + 1))
    heading "failed: $stage gave no result"
  fi
}
