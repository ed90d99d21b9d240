// SPDX-License-Identifier: Apache-2.0
// daemons inside dlopen()/getaddrinfo() (dl lock, nss) while exit() runs _dl_fini.
#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>
#include <thread>
int main() {
  std::thread([] {
    for (;;) {
      void* h = dlopen("libnss_compat.so.2", RTLD_NOW);
      if (h) dlclose(h);
    }
  }).detach();
  std::thread([] {
    for (;;) {
      addrinfo* r = nullptr;
      if (!getaddrinfo("localhost", "80", nullptr, &r)) freeaddrinfo(r);
    }
  }).detach();
  usleep(10000);
  return 0;
}
