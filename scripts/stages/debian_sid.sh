# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The stage `quick` inside Debian's unstable: the newest glibc and compilers there are.
needs_debian_sid="build roots"
stage_debian_sid() { test_in_root debian_sid sid; }
. scripts/root.sh
