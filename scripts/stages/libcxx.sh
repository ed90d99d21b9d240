# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# clang 19 with libc++ 19.
needs_libcxx="build test libcxx"
stage_libcxx() { build_and_test libcxx; }
