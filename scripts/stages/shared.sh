# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154
# libcurfew as a shared library.
stage_shared() { build_and_test shared; }
