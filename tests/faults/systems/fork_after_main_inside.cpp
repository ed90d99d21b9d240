// SPDX-License-Identifier: Apache-2.0
// As fork_after_main, where the end waits inside the C library's exit.
#include "no_start.hpp"

#include "fork_after_main.cpp"
