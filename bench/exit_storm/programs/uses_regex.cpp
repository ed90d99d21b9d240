// SPDX-License-Identifier: Apache-2.0
// Daemons that match static and local regular expressions.
#include "storm.hpp"

#include <regex>

static const std::regex word("([a-z]+) ([0-9]+)");

int main() {
  storm::daemons(3, [] {
    std::smatch found;
    const std::string text = "abc 123";
    if (!std::regex_match(text, found, word) || !std::regex_match(text, std::regex("[a-c]+ [1-3]+"))) std::abort();
  });
  return storm::end();
}
