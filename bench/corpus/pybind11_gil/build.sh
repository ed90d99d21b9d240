#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")" && exec ${CXX:-g++} -std=c++17 -O2 -g -w -fPIC -shared $(python3-config --includes) -I/usr/include mod.cpp -o gilmod$(python3-config --extension-suffix)
