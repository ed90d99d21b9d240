// SPDX-License-Identifier: Apache-2.0
// Four busy daemons use main's own map, vector and mutex, and print; an exit_guard stands behind those. Right: the
// daemons are frozen before the first of them dies; status 0.
#include "guard.hpp"

#include <curfew/curfew.hpp>

#include <map>
#include <mutex>
#include <string>
#include <vector>

struct shared {
  std::mutex mutex;
  std::map<int, std::string> names;
  std::vector<std::string> lines;
  ~shared() {
    const std::lock_guard lock(mutex);
    for (auto& line : lines) line.assign(100, 'x');
    names.clear();
  }
};

int main() {
  shared s;
  curfew::blocking_queue<int> queue;
  const curfew::exit_guard guard;
  for (int n = 0; n < 4; ++n)
    curfew::thread({.daemon = true}, [&, n] {
      for (int i = 0;; ++i) {
        queue.push(i);
        const auto item = queue.pop();
        const std::lock_guard lock(s.mutex);
        s.names[(i + n) % 100] = std::string(40, 'a');
        if (s.lines.size() > 1000) s.lines.clear();
        s.lines.push_back("line " + std::to_string(*item));
        if (i % 64 == 0) std::fprintf(stderr, "%d\n", i);
      }
    });
  usleep(5000);
}
