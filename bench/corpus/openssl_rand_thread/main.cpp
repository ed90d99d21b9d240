// SPDX-License-Identifier: Apache-2.0
// openssl/openssl#10016 (reporter's program, RAND_bytes in a thread while main returns) and #6214.
#include <openssl/rand.h>
#include <chrono>
#include <thread>
int main() {
  for (int t = 0; t < 2; t++)
    std::thread([] {
      unsigned char k[32];
      for (;;) RAND_bytes(k, 32);
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
