// SPDX-License-Identifier: Apache-2.0
// The words of `curfew run`, `check`, `dump` and `symbolize`, one on each line. What a subcommand does is left out: the
// linker puts the function below in place of verb_options::callback.
#include "failure.hpp"
#include "harness.hpp"
#include "options.hpp"
#include "times.hpp"
#include "verbs.hpp"

#include <algorithm>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// They own the variables that the options are read into, which live as long as the parsers below.
static std::vector<std::function<void()>> never_called;

using callback = void(void*, std::function<void()>);
extern "C" callback __wrap__ZN6curfew4tool12verb_options8callbackESt8functionIFvvEE;  // NOLINT
extern "C" void __wrap__ZN6curfew4tool12verb_options8callbackESt8functionIFvvEE(void*, std::function<void()> call) {
  never_called.push_back(std::move(call));
}

/// Made once: to describe the options takes longer than to parse words. Much of the rest goes into the options of the
/// verbs, so those that are not named are left out.
static curfew::tool::command& parser_for(std::string_view verb) {
  using namespace curfew::tool;
  struct kind {
    const char* name;
    void (*add)(command&);
  };
  static constexpr kind kinds[]{
      {"run", add_run}, {"check", add_check}, {"dump", add_dump}, {"symbolize", add_symbolize}};
  const auto* const one = std::find_if(std::begin(kinds), std::end(kinds),
                                       [&](const kind& known) { return !fuzz::do_everything && verb == known.name; });
  static std::map<const kind*, command> made;
  const auto [found, is_new] = made.try_emplace(one, "curfew", "curfew 0", "");
  if (is_new)
    for (const kind& known : kinds)
      if (one == std::end(kinds) || one == &known) known.add(found->second);
  return found->second;
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
  std::cout.setstate(std::ios::failbit);
  std::cerr.setstate(std::ios::failbit);
  try {
    parser_for(words.size() > 1 ? words[1] : "").run(static_cast<int>(words.size()), arguments.data());
  } catch (const failure&) {
  }
}
