// SPDX-License-Identifier: Apache-2.0
// Qt: destroying a QThread that runs ends the program. A curfew::thread may run the event loop instead.
//! case: before
//! args: before
//! out: worker: its event loop has ended
//! case: after
//! args: after
//! out: worker: its event loop has ended
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>
#include <QTimer>

#include <cstdio>
#include <string_view>

namespace before {
struct worker : QThread {
  void run() override {
    exec();
    std::puts("worker: its event loop has ended");
  }
};

static int run(QCoreApplication& app) {
  worker w;
  w.start();
  QTimer::singleShot(0, &app, &QCoreApplication::quit);
  const int status = app.exec();
  w.quit();  // without these two: "QThread: Destroyed while thread is still running", and abort()
  w.wait();
  return status;
}
}  // namespace before

namespace after {
static void run_loop(std::stop_token stop) {
  QEventLoop loop;
  const std::stop_callback quit(stop,
                                [&] { QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection); });
  loop.exec();
  std::puts("worker: its event loop has ended");
}

static int run(QCoreApplication& app) {
  curfew::thread({.name = "worker"}, run_loop);  // the exit asks it to stop, and waits for it
  QTimer::singleShot(0, &app, &QCoreApplication::quit);
  return app.exec();
}
}  // namespace after

int main(int argc, char** argv) {
  static QCoreApplication app(argc, argv);  // static: threads of Qt's may use it until they have ended
  return argv[1] == std::string_view("before") ? before::run(app) : after::run(app);
}
