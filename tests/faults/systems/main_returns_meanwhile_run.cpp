// SPDX-License-Identifier: Apache-2.0
// A detached thread works for 300 ms, another calls exit(7), main returns in between. Under `curfew run
// --wait-detached` and `--grace` the work is waited for, and the static is destroyed.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace std::chrono_literals;

struct final_line {
  ~final_line() { std::puts("destroyed"); }
};
static final_line words;

int main() {
  std::thread([] {
    std::this_thread::sleep_for(300ms);
    std::puts("worked");
  }).detach();
  std::thread([] { std::exit(7); }).detach();
  std::this_thread::sleep_for(100ms);
  return 7;
}
