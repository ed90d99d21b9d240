// SPDX-License-Identifier: Apache-2.0
//! error joinable-thread-destroyed keeper
//! warning thread-running-at-exit
//! threads joinable main
// The exit begins before the thread has run at all: it is told with the place where it was started, and once.
#include <chrono>
#include <thread>

static std::thread keeper;

int main() {
  keeper = std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); });
}
