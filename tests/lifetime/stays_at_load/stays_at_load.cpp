// SPDX-License-Identifier: Apache-2.0
// A library whose constructor calls a function of the program's, and does not return.
#include <chrono>
#include <thread>

extern "C" void library_is_initialised();

namespace {

struct stays {
  stays() {
    library_is_initialised();
    std::this_thread::sleep_for(std::chrono::hours(1));
  }
};
const stays for_ever;

}  // namespace
