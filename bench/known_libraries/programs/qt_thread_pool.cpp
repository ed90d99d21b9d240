// SPDX-License-Identifier: Apache-2.0
// Work that the global pool has done.
//! library: Qt 5, global thread pool
//! packages: qtbase5-dev
//! flags: -fPIC $(pkg-config --cflags --libs Qt5Core Qt5Concurrent)
#include <QtConcurrent/QtConcurrent>

int main() {
  QtConcurrent::run([] { return 1; }).waitForFinished();
  QThread::msleep(50);
#ifdef ENDED
  QThreadPool::globalInstance()->waitForDone();
#endif
  return 0;
}
