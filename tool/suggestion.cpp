// SPDX-License-Identifier: Apache-2.0
#include "suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace curfew::tool {
namespace {

/// How many letters have to be changed, added, removed or swapped with their neighbour.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> two_before, before(b.size() + 1), now(b.size() + 1);
  std::iota(before.begin(), before.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        now[j] = std::min(now[j], two_before[j - 2] + 1);
    }
    two_before = before;
    before = now;
  }
  return before[b.size()];
}

}  // namespace

std::string closest(const std::string& word, const std::vector<std::string>& known) {
  // A name is meant if no more than a third of it is wrong.
  const std::string* best = nullptr;
  std::size_t least = 0;
  for (const auto& name : known) {
    // As many letters are wrong as one of them has more than the other, at least.
    const std::size_t more = std::max(word.size(), name.size()) - std::min(word.size(), name.size());
    if (more * 3 > name.size()) continue;
    const std::size_t wrong = distance(word, name);
    if (best != nullptr && wrong >= least) continue;
    best = &name;
    least = wrong;
  }
  return best != nullptr && least * 3 <= best->size() ? *best : std::string();
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

std::string unknown(const std::string& kind, const std::string& word, const std::vector<std::string>& known) {
  const std::string meant = closest(word, known);
  return "unknown " + kind + " '" + word + "'" +
         (meant.empty() ? "; known are " + listed(known) : ", did you mean " + meant + "?");
}

std::string check_known(const std::string& kind, const std::string& word, const std::vector<std::string>& known) {
  return std::find(known.begin(), known.end(), word) != known.end() ? std::string() : unknown(kind, word, known);
}

}  // namespace curfew::tool
