#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# builds prog (plain) and prog_cache (same source + a 100k-entry global std::map, see ../_tools/bigcache.h)
cd "$(dirname "$0")" || exit 1
${CXX:-g++} -std=c++20 -O2 -g -pthread -w main.cpp -o prog  &&
${CXX:-g++} -std=c++20 -O2 -g -pthread -w -include ../_tools/bigcache.h main.cpp -o prog_cache 
