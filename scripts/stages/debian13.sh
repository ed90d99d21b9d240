# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# The stage `quick` inside Debian 13: glibc 2.41, g++ 14.
needs_debian13="build roots"
stage_debian13() { test_in_root debian13 trixie; }
. scripts/root.sh
