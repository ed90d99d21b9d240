// SPDX-License-Identifier: Apache-2.0
// A thread's stream is a member, behind others, of an object on the heap that only a register points to.
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

struct log_file {
  std::string name = "/dev/null";
  int lines = 0;
  std::ofstream out{name};
};

int main() {
  std::thread([] {
    const auto log = std::make_unique<log_file>();
    log->out << "line " << ++log->lines;
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}
