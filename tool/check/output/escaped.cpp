// SPDX-License-Identifier: Apache-2.0
#include "check/output/escaped.hpp"

namespace curfew::tool {

std::string escaped(const std::string& text) {
  std::string safe;
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '<' || c == '>' || c == '&' || c == '"') {
      safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : "&quot;";
    } else if (c == '\n' || c == '\t') {
      safe += c == '\n' ? "&#10;" : "&#9;";
    } else if (c >= 0x80) {
      const std::size_t more = c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 0;
      std::size_t have = 0;
      while (have < more && continues(i + 1 + have)) ++have;
      safe += more != 0 && have == more ? text.substr(i, more + 1) : std::string("\xef\xbf\xbd");
      if (have == more) i += more;
    } else if (c >= 0x20) {
      safe += static_cast<char>(c);
    }
  }
  return safe;
}

}  // namespace curfew::tool
