// SPDX-License-Identifier: Apache-2.0
// A correct program of curfew whose regular thread works for longer than check's patience, asleep most of the time.
// Right: nothing is found; the exit waits as long as it is asked to.
#include <curfew/curfew.hpp>

#include <chrono>
#include <cstdio>

int main() {
  curfew::thread({.name = "saver"}, [] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    std::puts("saved");
  });
}
