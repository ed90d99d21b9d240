// SPDX-License-Identifier: Apache-2.0
// A regular thread calls std::exit while another joins it: they cannot wait for each other, so the end does not.
#include "storm.hpp"

int main() {
  storm::daemons(2, [] { std::string word(100, 'w'); });
  static curfew::thread quitter;
  static std::atomic<bool> ready{false};
  quitter = curfew::thread([] {
    ready.wait(false);
    std::exit(storm::end());
  });
  curfew::thread([] {
    ready = true;
    ready.notify_all();
    quitter.join();
  });
  for (;;) ::pause();
}
