// SPDX-License-Identifier: Apache-2.0
// What somebody may have meant who has mistyped a word.
#pragma once

#include <string>
#include <vector>

namespace curfew::tool {

/// The word of `known` that differs from `word` in the fewest letters; empty where all of them differ in more than a
/// third of theirs.
std::string closest(const std::string& word, const std::vector<std::string>& known);

/// `unknown KIND 'WORD'`, with `, did you mean CLOSEST?` or all that is known behind it.
std::string unknown(const std::string& kind, const std::string& word, const std::vector<std::string>& known);

/// For an option that takes one of `known`: what is wrong with its value, nothing if it is one of them.
std::string check_known(const std::string& kind, const std::string& word, const std::vector<std::string>& known);

/// "a, b and c".
std::string listed(const std::vector<std::string>& words);

}  // namespace curfew::tool
