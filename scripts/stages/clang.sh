# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Debian's own clang.
needs_clang="build test clang"
stage_clang() { build_and_test clang; }
