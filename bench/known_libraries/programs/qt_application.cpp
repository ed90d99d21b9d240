// SPDX-License-Identifier: Apache-2.0
// An application that is left, and work that the global pool has done.
//! library: Qt 5, QCoreApplication
//! packages: qtbase5-dev
//! flags: -fPIC $(pkg-config --cflags --libs Qt5Core)
#include <QCoreApplication>
#include <QRunnable>
#include <QThread>
#include <QThreadPool>
#include <QTimer>

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  QThreadPool::globalInstance()->start([] {});
  QTimer::singleShot(50, &application, &QCoreApplication::quit);
  return QCoreApplication::exec();
}
