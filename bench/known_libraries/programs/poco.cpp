// SPDX-License-Identifier: Apache-2.0
// A task that the default pool has run.
//! library: Poco, default thread pool
//! packages: libpoco-dev
//! flags: -lPocoFoundation
#include <Poco/RunnableAdapter.h>
#include <Poco/Thread.h>
#include <Poco/ThreadPool.h>

namespace {
struct task {
  void run() {}
} nothing;
Poco::RunnableAdapter<task> runnable(nothing, &task::run);
}  // namespace

int main() {
  Poco::ThreadPool::defaultPool().start(runnable);
  Poco::Thread::sleep(50);
  return 0;
}
