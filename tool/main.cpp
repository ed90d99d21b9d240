// SPDX-License-Identifier: Apache-2.0
// curfew: what the library does for programs that are already built.
#include "failure.hpp"
#include "options.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <string_view>

namespace {

using namespace curfew::tool;

constexpr struct {
  std::string_view name;
  void (*add)(command&);
} verbs[] = {{"run", &add_run},
             {"check", &add_check},
             {"dump", &add_dump},
             {"symbolize", &add_symbolize},
             {"timeline", &add_timeline}};

/// Only the subcommand that is named first is needed, unless none is: describing the options of all takes longer than
/// all else that `curfew run` does.
void add_verbs(command& app, std::string_view first_word) {
  const auto* const named = std::ranges::find(verbs, first_word, [](const auto& verb) { return verb.name; });
  if (named != std::end(verbs)) return named->add(app);
  for (const auto& verb : verbs) verb.add(app);
}

}  // namespace

int main(int argc, char** argv) {
  command app("curfew", "curfew " CURFEW_COMMAND_VERSION,
              "Give every thread of a program that is already built a defined end.");
  add_verbs(app, argc > 1 ? argv[1] : "");
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
