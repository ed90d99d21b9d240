// SPDX-License-Identifier: Apache-2.0
// Nobody is left with the C library's lock of its conversions.
//! repeat: 8
//! out: converted
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <iconv.h>

#include <atomic>

static void convert() {
  if (const iconv_t to = iconv_open("UTF-8", "ISO-8859-1"); to != reinterpret_cast<iconv_t>(-1)) iconv_close(to);
}

struct converts {
  ~converts() {
    convert();
    std::puts("converted");
  }
};
static converts last;

static std::atomic<long> turns{0};

int main() {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer keeps the signal to itself until a call that it knows");
  for (int i = 0; i < 4; ++i)
    curfew::thread({.daemon = true}, [] {
      for (;; ++turns) convert();
    }).detach();
  CHECK(curfew_test::eventually([] { return turns > 100; }));
}
