// SPDX-License-Identifier: Apache-2.0
// Daemons inside getaddrinfo(): numbers, and names that the hosts file has.
#include "storm.hpp"

#include <netdb.h>
#include <sys/socket.h>

static void resolve(const char* name) {
  addrinfo* found = nullptr;
  if (::getaddrinfo(name, "80", nullptr, &found) == 0) ::freeaddrinfo(found);
}

struct saver {
  ~saver() { resolve("localhost"); }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(3, [](int i) {
    static const char* const hosts[] = {"127.0.0.1", "localhost", "::1"};
    resolve(hosts[i]);
  });
  return storm::end();
}
