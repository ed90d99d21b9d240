# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# AddressSanitizer and UndefinedBehaviorSanitizer.
stage_asan() { build_and_test asan; }
