// SPDX-License-Identifier: Apache-2.0
// spdlog's asynchronous logger: besides the registry, a static destructor drains the queue and joins the pool's own
// thread, which therefore must run on when background threads no longer do.
// Reported as gabime/spdlog#1533, #2156, #3019, meta-pytorch/torchcomms#3802.
#include "background.hpp"
#include "witness.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  const std::string directory = witness::begin(argc, argv);
  spdlog::init_thread_pool(8192, 1);
  spdlog::set_default_logger(spdlog::basic_logger_mt<spdlog::async_factory>("app", directory + "log"));
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([t] {
      for (long i = 0;; ++i) {
        spdlog::info("worker {} tick {} {}", t, i, std::string(40, 'x'));
        witness::step(t);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  witness::main_returns();
}
