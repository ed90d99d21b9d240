// SPDX-License-Identifier: Apache-2.0
// "QThread: Destroyed while thread is still running" (martinrotter/rssguard#1654, genode#5158 ...): a QThread object
// with static storage is destroyed by exit() while running => qFatal => abort.
#include <QCoreApplication>
#include <QThread>
#include <QTimer>
struct W : QThread {
  void run() override {
    for (;;) QThread::msleep(1);
  }
};
static W w;
int main(int c, char** v) {
  QCoreApplication a(c, v);
  w.start();
  QTimer::singleShot(20, &a, &QCoreApplication::quit);
  return a.exec();
}
