// SPDX-License-Identifier: Apache-2.0
// A plugin that starts threads. Its host may close it at any time: as long as a thread runs in it, it stays loaded.
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

extern "C" [[gnu::visibility("default")]] void start_export() {
  curfew::thread({.name = "export"}, [] {
    std::this_thread::sleep_for(100ms);
    std::puts("plugin: the export is written");
  });
}
