// SPDX-License-Identifier: Apache-2.0
// The words of `curfew run`, `check`, `dump` and `symbolize`, one on each line. What a subcommand does is left out: the
// linker puts the function below in place of verb_options::callback.
#include "failure.hpp"
#include "harness.hpp"
#include "options.hpp"
#include "times.hpp"
#include "verbs.hpp"

#include <iostream>
#include <sstream>
#include <vector>

// They own the variables that the options are read into.
static std::vector<std::function<void()>> never_called;

using callback = void(void*, std::function<void()>);
extern "C" callback __wrap__ZN6curfew4tool12verb_options8callbackESt8functionIFvvEE;  // NOLINT
extern "C" void __wrap__ZN6curfew4tool12verb_options8callbackESt8functionIFvvEE(void*, std::function<void()> call) {
  never_called.push_back(std::move(call));
}

CURFEW_FUZZ_TARGET(command_line) {
  using namespace curfew::tool;
  std::vector<std::string> words{"curfew"};
  std::istringstream in{std::string(input)};
  for (std::string word; words.size() < 64 && std::getline(in, word);) words.push_back(word.c_str());  // no NUL in it
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  for (const auto& word : words)
    if (check_time(word).empty()) milliseconds(word);
  never_called.clear();
  command app("curfew", "curfew 0", "");
  // Most of the time goes into the options of the verbs: those that are not named are left out.
  const std::string verb = words.size() > 1 ? words[1] : "";
  const bool all = fuzz::do_everything || (verb != "run" && verb != "check" && verb != "dump" && verb != "symbolize");
  if (all || verb == "run") add_run(app);
  if (all || verb == "check") add_check(app);
  if (all || verb == "dump") add_dump(app);
  if (all || verb == "symbolize") add_symbolize(app);
  std::cout.setstate(std::ios::failbit);
  std::cerr.setstate(std::ios::failbit);
  try {
    app.run(static_cast<int>(words.size()), arguments.data());
  } catch (const failure&) {
  }
}
