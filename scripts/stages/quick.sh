# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# Everything but the consumers of an installed copy and the real libraries: what to run before each commit.
needs_quick="build test faults"
stage_quick() { build_and_test quick; }
