// SPDX-License-Identifier: Apache-2.0
// An appender without close.
//! library: log4cxx, AsyncAppender
//! packages: liblog4cxx-dev
//! flags: $(pkg-config --cflags --libs liblog4cxx)
#include <log4cxx/asyncappender.h>
#include <log4cxx/basicconfigurator.h>
#include <log4cxx/logger.h>

#include <chrono>
#include <thread>

int main() {
  log4cxx::AppenderPtr asynchronous(new log4cxx::AsyncAppender);
  log4cxx::Logger::getRootLogger()->addAppender(asynchronous);
  LOG4CXX_INFO(log4cxx::Logger::getRootLogger(), "text");
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}
