// SPDX-License-Identifier: Apache-2.0
// Threads that stay have streams, in objects and closures, and have written all of it out; one has destroyed its
// stream.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

struct log_file {
  std::string name = "/dev/null";
  std::ofstream out{name};
};
static void stay() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

int main() {
  auto shared = std::make_shared<std::fstream>("/dev/null", std::ios::out);
  std::thread([shared] {
    *shared << "text" << std::flush;
    stay();
  }).detach();
  std::thread([] {
    const auto log = std::make_unique<log_file>();
    log->out << "line" << std::endl;
    stay();
  }).detach();
  std::thread([] {
    std::make_unique<log_file>()->out << "line";
    stay();
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::puts("main returns");
}
