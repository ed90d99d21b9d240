// SPDX-License-Identifier: Apache-2.0
// A logger without log4cplus::Logger::shutdown.
//! library: log4cplus
//! packages: liblog4cplus-dev
//! flags: -llog4cplus
#include <log4cplus/configurator.h>
#include <log4cplus/logger.h>
#include <log4cplus/nullappender.h>

#include <chrono>
#include <thread>

int main() {
  log4cplus::initialize();
  log4cplus::SharedAppenderPtr null(new log4cplus::NullAppender);
  null->setName(LOG4CPLUS_TEXT("null"));
  log4cplus::Logger::getRoot().addAppender(null);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}
