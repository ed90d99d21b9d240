// SPDX-License-Identifier: Apache-2.0
// A configuration that is watched.
//! library: log4cxx, configureAndWatch
//! packages: liblog4cxx-dev
//! flags: $(pkg-config --cflags --libs liblog4cxx)
#include <log4cxx/logger.h>
#include <log4cxx/propertyconfigurator.h>

#include <chrono>
#include <fstream>
#include <thread>

int main() {
  std::ofstream("log4cxx.properties") << "log4j.rootLogger=OFF\n";
  log4cxx::PropertyConfigurator::configureAndWatch("log4cxx.properties", 1000);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}
