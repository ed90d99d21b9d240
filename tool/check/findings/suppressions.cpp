// SPDX-License-Identifier: Apache-2.0
#include "check/findings/suppressions.hpp"

#include "failure.hpp"
#include "suggestion.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <sstream>

namespace curfew::tool {
namespace {

bool matches(const std::string& pattern, const std::string& text) {
  return ::fnmatch(pattern.c_str(), text.c_str(), 0) == 0;
}

template <class Member>
bool some_frame(const finding& f, const std::string& pattern, Member member) {
  for (const auto& t : f.threads)
    for (const auto* const stack : {&t.stack, &t.created_stack})
      for (const auto& one : *stack)
        if (const std::string& text = one.*member;
            matches(pattern, text) || matches(pattern, text.substr(text.rfind('/') + 1)))
          return true;
  return false;
}

bool holds(const std::string& what, const std::string& pattern, const finding& f) {
  if (what == "static") return matches(pattern, f.object.name);
  if (what == "function") return some_frame(f, pattern, &frame::function);
  if (what == "file")
    return matches(pattern, f.object.file) || matches(pattern, f.object.file.substr(f.object.file.rfind('/') + 1)) ||
           some_frame(f, pattern, &frame::file);
  if (what == "module") return matches(pattern, f.object.module) || some_frame(f, pattern, &frame::module);
  return std::any_of(f.threads.begin(), f.threads.end(),
                     [&](const involved_thread& t) { return t.number != 0 && matches(pattern, t.name); });
}

}  // namespace

std::vector<suppression> read_suppressions(std::istream& in, const std::string& name) {
  std::vector<suppression> all;
  std::string line;
  for (unsigned number = 1; std::getline(in, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    suppression one;
    if (!(words >> one.kind)) continue;
    const auto wrong = [&](const std::string& why) {
      throw failure(failure::own, name + ":" + std::to_string(number) + ": " + why);
    };
    if (std::none_of(std::begin(finding_kinds), std::end(finding_kinds),
                     [&](const auto& known) { return matches(one.kind, known.name); })) {
      std::vector<std::string> names;
      for (const auto& known : finding_kinds) names.emplace_back(known.name);
      wrong(unknown("finding", one.kind, names));
    }
    for (std::string word; words >> word;) {
      const auto equals = word.find('=');
      const std::string what = word.substr(0, equals);
      if (equals == std::string::npos ||
          (what != "static" && what != "thread" && what != "function" && what != "file" && what != "module"))
        wrong("unknown condition '" + word + "'; known are static=, thread=, function=, file= and module=");
      one.conditions.emplace_back(what, word.substr(equals + 1));
    }
    all.push_back(std::move(one));
  }
  return all;
}

bool allows(const suppression& one, const finding& f) {
  return matches(one.kind, f.kind) && std::all_of(one.conditions.begin(), one.conditions.end(),
                                                  [&](const auto& c) { return holds(c.first, c.second, f); });
}

}  // namespace curfew::tool
