// SPDX-License-Identifier: Apache-2.0
// curfew: what the library does for programs that are already built.
#include "failure.hpp"
#include "options.hpp"
#include "verbs.hpp"

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  using namespace curfew::tool;
  command app("curfew", "curfew " CURFEW_COMMAND_VERSION,
              "Give every thread of a program that is already built a defined end.");
  add_run(app);
  add_check(app);
  add_dump(app);
  add_symbolize(app);
  add_timeline(app);
  try {
    return app.run(argc, argv);
  } catch (const failure& f) {
    std::fprintf(stderr, "curfew: %s\n", f.what());
    return f.status;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "curfew: %s\n", e.what());
    return failure::own;
  }
}
