// SPDX-License-Identifier: Apache-2.0
// OpenSSL frees its locks in an atexit handler. Two background threads draw random numbers meanwhile.
// Reported as openssl/openssl#10016 (whose program this is) and #6214.
#include "background.hpp"
#include "witness.hpp"

#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <thread>

int main(int argc, char** argv) {
  witness::begin(argc, argv);
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([t] {
      std::array<unsigned char, 32> key;
      for (;;) {
        RAND_bytes(key.data(), static_cast<int>(key.size()));
        witness::step(t);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  witness::main_returns();
}
