#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build.sh KIND: builds app_0 and app_1 in the current directory, as a makefile would, against the copy that
# PKG_CONFIG_PATH points to. KIND is static or shared.
set -eux
source=$(dirname "$0")/../app/main.cpp
[ "$1" = static ] && static=--static || static=
set -- -std=c++20 $CXXFLAGS
pc() { "$PKG_CONFIG" $static "$@"; }
$CXX "$@" -DWANT_LOCK_TRACKING=0 $(pc --cflags curfew) "$source" -o app_0 $(pc --libs curfew)
$CXX "$@" -DWANT_LOCK_TRACKING=1 $(pc --cflags curfew-lock-tracking) "$source" -o app_1 $(pc --libs curfew-lock-tracking)
