// SPDX-License-Identifier: Apache-2.0
// read_record FILE: the findings of a record that was kept, as `curfew check --json` writes them.
#include "check/findings/interpret.hpp"
#include "check/output/output.hpp"
#include "failure.hpp"

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  try {
    curfew::tool::record_view record{std::string(argv[1])};
    print_json(std::cout, interpret(record, "golden", {.status = 3}));
  } catch (const curfew::tool::failure& f) {
    std::cerr << f.what() << "\n";
    return f.status;
  }
  return 0;
}
