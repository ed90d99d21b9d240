// SPDX-License-Identifier: Apache-2.0
// exit() called on the library's own worker thread: ~thread_pool joins itself -> EDEADLK -> std::system_error in a
// noexcept destructor -> terminate.  (shape of floe/backscrub#137, nuraft/memgraph#3904: ::exit in a background thread)
#include <spdlog/async.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>
struct fatal_sink : spdlog::sinks::base_sink<std::mutex> {
  void sink_it_(const spdlog::details::log_msg& m) override {
    if (m.level == spdlog::level::critical) exit(7);
  }  // "fatal => exit"
  void flush_() override {}
};
int main() {
  spdlog::init_thread_pool(128, 1);
  auto lg = std::make_shared<spdlog::async_logger>("a", std::make_shared<fatal_sink>(), spdlog::thread_pool());
  spdlog::register_logger(lg);
  lg->critical("fatal error");
  for (;;) pause();
}
