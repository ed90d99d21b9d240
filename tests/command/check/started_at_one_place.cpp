// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
//! says "at started_at_one_place.cpp:12"
//! says "at started_at_one_place.cpp:15"
// A loop starts threads that do different things: each is a finding of its own.
#include <chrono>
#include <thread>

using namespace std::chrono_literals;

static void first() {
  for (;;) std::this_thread::sleep_for(100s);
}
static void second() {
  for (;;) std::this_thread::sleep_for(100s);
}

int main() {
  for (auto* const work : {&first, &second}) std::thread(work).detach();
  std::this_thread::sleep_for(20ms);
}
