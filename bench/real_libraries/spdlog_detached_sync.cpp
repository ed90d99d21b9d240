// SPDX-License-Identifier: Apache-2.0
// spdlog's registry, loggers and sinks are function-local statics. Two background threads log while they are destroyed.
// Reported as meta-pytorch/torchcomms#3802, memgraph/memgraph#3904.
#include "background.hpp"
#include "witness.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  const std::string directory = witness::begin(argc, argv);
  spdlog::set_default_logger(spdlog::basic_logger_mt("app", directory + "log"));
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
