// SPDX-License-Identifier: Apache-2.0
// spdlog_detached_async again, for its other fault. A background thread that waits for room in the full queue keeps the
// queue alive, so that no destructor drains it: 8192 lines are lost, whether that thread runs on or is frozen there.
// With curfew each line is logged under a shield. The end waits for open ones, none opens after that, and so no thread
// is inside spdlog when its destructors come.
#include "background.hpp"
#include "witness.hpp"

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <string>
#include <thread>

#ifdef WITH_CURFEW

#include <curfew/exit.hpp>
using shield = curfew::shield;

#else

struct shield {
  explicit operator bool() const { return true; }
};

#endif

int main(int argc, char** argv) {
  const std::string directory = witness::begin(argc, argv);
  spdlog::init_thread_pool(8192, 1);
  spdlog::set_default_logger(spdlog::basic_logger_mt<spdlog::async_factory>("app", directory + "log"));
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([t] {
      for (long i = 0;; ++i) {
        const shield whole;
        if (!whole) return;
        spdlog::info("worker {} tick {} {}", t, i, std::string(40, 'x'));
        witness::step(t);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  witness::main_returns();
}
