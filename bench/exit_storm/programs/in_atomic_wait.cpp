// SPDX-License-Identifier: Apache-2.0
// Daemons in std::atomic::wait, some of them woken without pause.
#include "storm.hpp"

static std::atomic<int> never{0}, often{0};

int main() {
  storm::daemons(2, [] { never.wait(0); });
  storm::daemons(1, [] { often.wait(often.load()); });
  storm::daemons(1, [] {
    often.fetch_add(1);
    often.notify_all();
  });
  return storm::end();
}
