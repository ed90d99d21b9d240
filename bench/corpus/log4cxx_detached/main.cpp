// SPDX-License-Identifier: Apache-2.0
// apache/logging-log4cxx#219/#285: background threads log (also LogLog::debug) while static objects / APR are torn
// down.
#include <log4cxx/basicconfigurator.h>
#include <log4cxx/logger.h>
#include <chrono>
#include <thread>
int main() {
  log4cxx::BasicConfigurator::configure();
  for (int t = 0; t < 2; t++)
    std::thread([t] {
      auto lg = log4cxx::Logger::getLogger("w");
      for (long i = 0;; ++i) LOG4CXX_INFO(lg, "worker " << t << " tick " << i);
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
