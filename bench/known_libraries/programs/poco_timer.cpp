// SPDX-License-Identifier: Apache-2.0
// A timer that has not been destroyed.
//! library: Poco, Util::Timer
//! packages: libpoco-dev
//! flags: -lPocoUtil -lPocoFoundation
#include <Poco/Thread.h>
#include <Poco/Util/Timer.h>
#include <Poco/Util/TimerTask.h>

namespace {
struct task : Poco::Util::TimerTask {
  void run() override {}
};
}  // namespace

int main() {
  auto* const timer = new Poco::Util::Timer;
  timer->schedule(new task, 10000, 10000);
  Poco::Thread::sleep(50);
#ifdef ENDED
  delete timer;
#endif
  return 0;
}
