// SPDX-License-Identifier: Apache-2.0
// pthread_exit in main: the program goes on until its regular threads have ended, and its status is 0.
#include "storm.hpp"

#include <pthread.h>

int main() {
  storm::mark("status 0");
  storm::daemons(2, [] { std::string word(100, 'w'); });
  storm::expect("worker", 50);
  curfew::thread([] {
    storm::jitter();
    storm::keep_all("worker", 50);
  });
  storm::end();
  ::pthread_exit(nullptr);
}
