// SPDX-License-Identifier: Apache-2.0
// Poco keeps its loggers in a static map behind a static mutex. Two background threads look theirs up and log while
// both are destroyed.
#include "background.hpp"
#include "witness.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/ConsoleChannel.h>
#include <Poco/Logger.h>

#include <chrono>
#include <thread>

int main(int argc, char** argv) {
  witness::begin(argc, argv);
  Poco::Logger::root().setChannel(Poco::AutoPtr<Poco::Channel>(new Poco::ConsoleChannel));  // to standard error
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([t] {
      for (long i = 0;; ++i) {
        Poco::Logger::get("w").information("worker %d tick %ld", t, i);
        witness::step(t);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  witness::main_returns();
}
