// SPDX-License-Identifier: Apache-2.0
// A program with an exit that has something of everything: exits [stuck|fork].
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using std::chrono::milliseconds;

struct slow {
  ~slow() { std::this_thread::sleep_for(milliseconds(20)); }
};
const slow at_exit;

void in_child(int status) {
  if (::fork() == 0) std::exit(status);
  ::wait(nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string how = argc > 1 ? argv[1] : "";
  if (how == "fork") in_child(5);
  curfew::before_wait(
      "close the \"listener\"\\ \x01 \xff Gr\xc3\xbc\xc3\x9f"
      "e",
      [] { std::this_thread::sleep_for(milliseconds(10)); });
  curfew::after_wait("storage", [] { std::this_thread::sleep_for(milliseconds(10)); });
  curfew::thread({.name = "first"}, [] { std::this_thread::sleep_for(milliseconds(30)); }).detach();
  curfew::thread({.name = "last"}, [stuck = how == "stuck"] {
    do std::this_thread::sleep_for(milliseconds(60));
    while (stuck);
  }).detach();
  curfew::thread({.name = "ticker", .daemon = true}, [] {
    for (;;) std::this_thread::sleep_for(milliseconds(1));
  });
  return 3;
}
