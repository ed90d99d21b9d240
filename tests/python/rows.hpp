// SPDX-License-Identifier: Apache-2.0
// Rows that need a process of their own: each is a function of one program, run by name, and what the process must do
// is written above it. What a row destroys at the end are statics of the function.
#pragma once

#include <support/program.hpp>

#include <cstring>

namespace curfew_test {

struct row {
  const char* name;
  int (*run)();
  const row* next;
  inline static const row* first = nullptr;

  row(const char* n, int (*r)()) : name(n), run(r), next(first) { first = this; }
};

}  // namespace curfew_test

#define ROW(suite, test)                                                                 \
  static int suite##_##test();                                                           \
  static const curfew_test::row suite##_##test##_row(#suite "." #test, &suite##_##test); \
  static int suite##_##test()

int main(int argc, char** argv) {
  for (const curfew_test::row* r = curfew_test::row::first; r != nullptr; r = r->next)
    if (argc > 1 && std::strcmp(argv[1], r->name) == 0) return r->run();
  std::fprintf(stderr, "no such row\n");
  return 2;
}
