// SPDX-License-Identifier: Apache-2.0
// A daemon that waits in accept() for connections that do not come.
#include "storm.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

int main() {
  static const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in any_port{};
  any_port.sin_family = AF_INET;
  any_port.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  if (::bind(server, reinterpret_cast<const sockaddr*>(&any_port), sizeof any_port) != 0 || ::listen(server, 4) != 0)
    return 1;
  storm::daemons(2, [] { ::accept(server, nullptr, nullptr); });
  return storm::end();
}
