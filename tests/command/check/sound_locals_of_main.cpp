// SPDX-License-Identifier: Apache-2.0
//! nothing
// What lies on main's stack and is used after main has returned by right: nothing of main's own. A thread that was
// given a local variable has ended before, another works on a static; main's arguments and the environment stay.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

static char** arguments = nullptr;
static std::atomic<long> seen{0};
static std::atomic<bool> stop{false};
static std::thread reader;
static struct joins {
  ~joins() {
    stop = true;
    reader.join();
  }
} at_the_end;

int main(int, char** given) {
  char large[20000];
  std::memset(large, 1, sizeof large);
  std::vector<std::string> words(100, "a text that is too long to lie inside the object");
  std::thread first([&] {
    for (const auto& word : words) seen += static_cast<long>(word.size()) + large[word.size()];
  });
  first.join();
  arguments = given;
  reader = std::thread([] {
    while (!stop) {
      seen += static_cast<long>(std::strlen(arguments[0]));
      if (const char* const path = std::getenv("PATH")) seen += *path;
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
  });
  while (seen < 6000) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}
