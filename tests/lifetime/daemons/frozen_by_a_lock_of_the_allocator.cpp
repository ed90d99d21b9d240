// SPDX-License-Identifier: Apache-2.0
// The C library allocates under the lock of a stream, and the allocator has a mutex, which is counted: a thread is not
// frozen at its unlock, while it holds the stream.
//! repeat: 3
//! out: nobody stands in the allocator
//! out: closed
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <lifetime/allocator/allocator.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>

static FILE* const lines = std::tmpfile();

struct closes {
  ~closes() {
    std::puts(at_unlock == 0 ? "nobody stands in the allocator" : "a thread stands in the allocator");
    std::fclose(lines);
    std::puts("closed");
  }
};
static closes last;

static std::atomic<long> turns{0};

int main() {
  if (curfew_test::thread_sanitizer) curfew_test::skip("ThreadSanitizer's allocator is in the place of the program's");
  for (int i = 0; i < 100; ++i) std::fputs("a line\n", lines);
  for (int i = 0; i < 8; ++i)
    curfew::thread({.daemon = true}, [] {
      for (;; ++turns) {
        char* line = nullptr;
        std::size_t size = 0;
        if (::getline(&line, &size, lines) < 0) std::rewind(lines);
        std::free(line);
      }
    });
  CHECK(curfew_test::eventually([] { return turns > 1000; }));
}
