// SPDX-License-Identifier: Apache-2.0
// gabime/spdlog sync loggers + detached thread at exit (same shape as meta-pytorch/torchcomms#3802, memgraph#3904):
// function-local static registry/loggers/sinks destroyed while a thread logs.
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <chrono>
#include <string>
#include <thread>
int main(int argc, char** argv) {
  auto lg = spdlog::basic_logger_mt("app", argc > 1 ? argv[1] : "/dev/null");
  spdlog::set_default_logger(lg);
  lg.reset();
  for (int t = 0; t < 2; t++)
    std::thread([t] {
      for (long i = 0;; ++i) spdlog::info("worker {} tick {} {}", t, i, std::string(40, 'x'));
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
