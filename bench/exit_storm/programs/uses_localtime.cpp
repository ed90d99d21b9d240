// SPDX-License-Identifier: Apache-2.0
// Daemons that ask for the local time without pause: the time zone has a lock; a static destructor asks too.
#include "storm.hpp"

#include <time.h>

#include <ctime>

static void stamp() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char text[64];
  std::strftime(text, sizeof text, "%F %T %Z", &parts);
  std::mktime(&parts);
}

struct saver {
  ~saver() { stamp(); }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(3, stamp);
  return storm::end();
}
