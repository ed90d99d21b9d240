// SPDX-License-Identifier: Apache-2.0
// What the command line says.
#pragma once

#include <chrono>
#include <filesystem>

struct settings {
  int port = 8080;  ///< 0: any that is free; it is printed
  std::filesystem::path folder = ".";
  int workers = 16;
  int most_pages = 0;  ///< of the journal; 0: no limit
  std::chrono::milliseconds deadline{30000}, pre_stop_delay{0}, request_limit{20000};
  bool background = false;
};

/// Ends the program for `--help`, and for what it cannot understand.
settings parse(int argc, char** argv);
