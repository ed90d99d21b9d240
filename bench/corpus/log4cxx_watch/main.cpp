// SPDX-License-Identifier: Apache-2.0
// log4cxx configureAndWatch: the library's own FileWatchdog thread at exit.
#include <log4cxx/logger.h>
#include <log4cxx/propertyconfigurator.h>
#include <chrono>
#include <fstream>
#include <thread>
int main(int argc, char** argv) {
  std::string f = argc > 1 ? argv[1] : "/tmp/l4.properties";
  std::ofstream(f) << "log4j.rootLogger=INFO, "
                      "A1\nlog4j.appender.A1=org.apache.log4j.ConsoleAppender\nlog4j.appender.A1.layout=org.apache."
                      "log4j.PatternLayout\nlog4j.appender.A1.layout.ConversionPattern=%m%n\nlog4j.debug=true\n";
  log4cxx::PropertyConfigurator::configureAndWatch(f, 1);
  auto lg = log4cxx::Logger::getLogger("w");
  for (int i = 0; i < 10; i++) LOG4CXX_INFO(lg, "hello " << i);
  std::this_thread::sleep_for(std::chrono::milliseconds(3));
  return 0;
}
