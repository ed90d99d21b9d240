// SPDX-License-Identifier: Apache-2.0
// What a hook throws is one report on stderr with the hook's name; the next hook runs, the status stays.
//! status: 4
//! out: before, behind one that throws
//! out: after, behind one that throws
//! err~ .*"flushes".*no room.*
//! err~ .*"closes".*
#include <curfew/exit.hpp>

#include <support/program.hpp>

#include <stdexcept>
#include <string>

int main() {
  std::string name = "flushes";
  curfew::before_wait("next", [] { std::puts("before, behind one that throws"); });
  curfew::before_wait(name, [] { throw std::runtime_error("no room"); });
  name = "another";
  curfew::after_wait("next", [] { std::puts("after, behind one that throws"); });
  curfew::after_wait("closes", [] { throw 42; });
  return 4;
}
