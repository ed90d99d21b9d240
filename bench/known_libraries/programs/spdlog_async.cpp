// SPDX-License-Identifier: Apache-2.0
// A logger without spdlog::shutdown.
//! library: spdlog, asynchronous
//! packages: libspdlog-dev
//! flags: $(pkg-config --cflags --libs spdlog)
#include <spdlog/async.h>
#include <spdlog/sinks/null_sink.h>

#include <chrono>
#include <thread>

int main() {
  spdlog::create_async<spdlog::sinks::null_sink_mt>("log")->info("text");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}
