// SPDX-License-Identifier: Apache-2.0
// The one line in which the flavours of a program differ: how it starts a thread that it will never join.
#pragma once

#include <utility>

#ifdef WITH_CURFEW

#include <curfew/thread.hpp>

template <class F>
void run_in_background(F function) {
  curfew::thread({.daemon = true}, std::move(function));
}

#else

#include <thread>

template <class F>
void run_in_background(F function) {
  std::thread(std::move(function)).detach();
}

#endif
