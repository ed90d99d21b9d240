// SPDX-License-Identifier: Apache-2.0
#include "witness.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace witness {
namespace {

// Each on a cache line of its own, and without a destructor.
struct alignas(64) counter {
  std::atomic<long> steps{0};
};
constinit std::array<counter, background_threads> counters;
constinit std::atomic<int> file{-1};

void write_line(const char* word) noexcept {
  std::array<char, 96> line;
  const int length =
      std::snprintf(line.data(), line.size(), "%s %ld %ld\n", word, counters[0].steps.load(std::memory_order_relaxed),
                    counters[1].steps.load(std::memory_order_relaxed));
  if (::write(file.load(), line.data(), static_cast<std::size_t>(length)) != length) ::_exit(70);
}

void exit_ends(int, void*) {
  if (file.load() >= 0) write_line("exit-ends");
}

// Handlers run in reverse. What registers one before the initialisers of any shared library hears of the exit after the
// last of their statics is gone; on_exit, because an atexit handler is tied to the program and runs before libraries'.
void register_exit_ends(int, char**, char**) { ::on_exit(exit_ends, nullptr); }
[[gnu::section(".preinit_array"), gnu::used]] void (*const preinit)(int, char**, char**) = register_exit_ends;

}  // namespace

std::string begin(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
    std::exit(64);
  }
  const std::string directory = std::string(argv[1]) + "/";
  file = ::open((directory + "witness").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
  if (file.load() < 0) {
    std::perror(argv[1]);
    std::exit(66);
  }
  return directory;
}

void step(int thread) noexcept {
  counters[static_cast<std::size_t>(thread)].steps.fetch_add(1, std::memory_order_relaxed);
}

void main_returns() noexcept {
  std::atexit([] { write_line("exit-begins"); });
  write_line("main-returns");
}

}  // namespace witness
