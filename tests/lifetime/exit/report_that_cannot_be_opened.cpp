// SPDX-License-Identifier: Apache-2.0
// A report file that cannot be opened is one line on stderr, however many lines it would have had, and nothing else
// changes.
//! status: 5
//! case: no such directory
//! args: /nowhere/report
//! out: static destroyed
//! err: curfew: no report in "/nowhere/report": No such file or directory
//! case: a name that is too long
//! args: long
//! out: static destroyed
//! err~ curfew: no report in "x{300}": File name too long
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

#include <string>

static curfew_test::speaking last("static destroyed");

int main(int, char** argv) {
  std::string report = argv[1];
  if (report == "long") report.assign(5000, 'x');
  curfew::set_exit_options({.report = report});
  curfew::thread daemon({.daemon = true}, [] { std::this_thread::sleep_for(std::chrono::hours(1)); });
  return 5;
}
