// SPDX-License-Identifier: Apache-2.0
// Daemons that make locales and format with them; a static destructor does too.
#include "storm.hpp"

#include <locale.h>

#include <locale>
#include <sstream>

static void format() {
  std::ostringstream text;
  text.imbue(std::locale(std::locale::classic(), "C", std::locale::numeric));
  text << 1234567.25 << ' ' << 42;
  if (locale_t l = ::newlocale(LC_ALL_MASK, "C.UTF-8", nullptr)) ::freelocale(l);
}

struct saver {
  ~saver() { format(); }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(3, format);
  return storm::end();
}
