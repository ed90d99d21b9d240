#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
cd "$(dirname "$0")" && exec ${CXX:-g++} -std=c++20 -O2 -g -pthread -w main.cpp -o prog -lzmq
