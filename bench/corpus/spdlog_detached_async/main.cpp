// SPDX-License-Identifier: Apache-2.0
// spdlog async default logger, a detached thread still logging through it when main returns
// (gabime/spdlog#2156, #1533, #3019; meta-pytorch/torchcomms#3802).
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>
#include <chrono>
#include <string>
#include <thread>
int main(int argc, char** argv) {
  spdlog::init_thread_pool(8192, 1);
  auto lg = spdlog::basic_logger_mt<spdlog::async_factory>("app", argc > 1 ? argv[1] : "/dev/null");
  spdlog::set_default_logger(lg);
  lg.reset();
  for (int t = 0; t < 2; t++)
    std::thread([t] {
      for (long i = 0;; ++i) spdlog::info("worker {} tick {} {}", t, i, std::string(40, 'x'));
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
