// SPDX-License-Identifier: Apache-2.0
// log4cxx keeps its hierarchy and the APR library in statics. Two background threads log while they are torn down.
// Reported as apache/logging-log4cxx#219, #285.
#include "background.hpp"
#include "witness.hpp"

#include <log4cxx/basicconfigurator.h>
#include <log4cxx/logger.h>

#include <chrono>
#include <thread>

int main(int argc, char** argv) {
  witness::begin(argc, argv);
  log4cxx::BasicConfigurator::configure();  // to standard output
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([t] {
      const log4cxx::LoggerPtr logger = log4cxx::Logger::getLogger("w");
      for (long i = 0;; ++i) {
        LOG4CXX_INFO(logger, "worker " << t << " tick " << i);
        witness::step(t);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  witness::main_returns();
}
