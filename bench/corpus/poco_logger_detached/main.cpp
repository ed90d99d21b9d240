// SPDX-License-Identifier: Apache-2.0
// Poco Logger (static LoggerMap + mutex) used by a detached thread at exit.
#include <Poco/AutoPtr.h>
#include <Poco/ConsoleChannel.h>
#include <Poco/Logger.h>
#include <chrono>
#include <thread>
int main() {
  Poco::Logger::root().setChannel(Poco::AutoPtr<Poco::Channel>(new Poco::ConsoleChannel));
  for (int t = 0; t < 2; t++)
    std::thread([t] {
      for (long i = 0;; ++i) Poco::Logger::get("w").information("worker %d tick %ld", t, i);
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
