# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Debian's packages: built, looked through by lintian, unpacked into a folder of their own, and used from there.
needs_packages="build packages"
stage_packages() {
  if build packages; then
    count "the packages" python3 tests/release/packages.py build/packages
  else
    failed=$((failed + 1))
    heading "failed: the build of packages"
  fi
}
