// SPDX-License-Identifier: Apache-2.0
// What a program of this folder says about its own end, for run.py to judge. It goes to the file `witness` in the
// directory that is the program's argument, by write(2) alone, one line each: a word and how many steps each background
// thread had taken by then.
//
//   main-returns   written by `main`. What was logged before it must be in the log.
//   exit-begins    the first static destructor or atexit handler is about to run
//   exit-ends      the last one has run. Without it they were skipped; with other numbers than the line before, a
//                  background thread ran while statics were destroyed.
#pragma once

#include <string>

namespace witness {

inline constexpr int background_threads = 2;

/// First in `main`: returns the directory, with a slash.
std::string begin(int argc, char** argv);

/// Counts a step of background thread 0 or 1. Safe at any time, also when every static is gone.
void step(int thread) noexcept;

/// Last in `main`.
void main_returns() noexcept;

}  // namespace witness
