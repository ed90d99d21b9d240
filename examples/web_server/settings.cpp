// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

constexpr const char* usage =
    "usage: web_server [--port N] [--folder DIR] [--workers N] [--deadline MS] [--pre-stop MS]\n"
    "                  [--request-limit MS] [--most-pages N] [--background]\n";

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "web_server: %s\n%s", why.c_str(), usage);
  std::exit(64);
}

int number(std::string_view option, const char* text, int most) {
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  if (*text == '\0' || *end != '\0' || value < 0 || value > most)
    refuse(std::string(option) + " " + text + ": allowed are 0 to " + std::to_string(most));
  return static_cast<int>(value);
}

}  // namespace

settings parse(int argc, char** argv) {
  using std::chrono::milliseconds;
  settings s;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--help") {
      std::fputs(usage, stdout);
      std::exit(0);
    }
    if (option == "--background") {
      s.background = true;
      continue;
    }
    if (i + 1 == argc) refuse(std::string(option) + ": no such option, or no value behind it");
    const char* const value = argv[++i];
    constexpr int a_day = 86'400'000;
    if (option == "--port")
      s.port = number(option, value, 65535);
    else if (option == "--folder")
      s.folder = value;
    else if (option == "--workers")
      s.workers = number(option, value, 1000);
    else if (option == "--deadline")
      s.deadline = milliseconds(number(option, value, a_day));
    else if (option == "--pre-stop")
      s.pre_stop_delay = milliseconds(number(option, value, a_day));
    else if (option == "--request-limit")
      s.request_limit = milliseconds(number(option, value, a_day));
    else if (option == "--most-pages")
      s.most_pages = number(option, value, 1'000'000);
    else
      refuse(std::string(option) + ": no such option");
  }
  return s;
}
