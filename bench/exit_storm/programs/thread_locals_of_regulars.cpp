// SPDX-License-Identifier: Apache-2.0
// Regular threads whose thread_local destructors write: that is part of their work, and of main's.
#include "storm.hpp"

struct final_line {
  const char* writer = nullptr;
  ~final_line() {
    if (writer != nullptr) storm::keep_all(writer, 5);
  }
};
static thread_local final_line mine;

int main() {
  storm::daemons(1, [] { ::usleep(100); });
  static const char* const writers[] = {"local-0", "local-1", "local-2", "local-3"};
  for (const char* writer : writers) {
    storm::expect(writer, 5);
    curfew::thread([writer] {
      mine.writer = writer;
      storm::jitter();
    });
  }
  storm::expect("local-main", 5);
  mine.writer = "local-main";
  return storm::end();
}
