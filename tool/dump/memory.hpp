// SPDX-License-Identifier: Apache-2.0
// The memory of a process as it was while it was stopped, as far as it was copied then, and as it is now.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace curfew::tool::dump {

struct memory_range {
  std::uint64_t begin = 0, end = 0;
  [[nodiscard]] bool has(std::uint64_t address) const { return address >= begin && address < end; }
  [[nodiscard]] std::uint64_t size() const { return end - begin; }
};

/// One line of /proc/PID/maps.
struct mapping : memory_range {
  bool writable = false, executable = false, shared = false;
  std::string path;
};
std::vector<mapping> read_mappings(std::string_view maps);
/// Null: nothing is mapped there. They are in order.
const mapping* mapping_at(const std::vector<mapping>&, std::uint64_t address);

class memory {
 public:
  explicit memory(pid_t of) : pid_(of) {}

  /// Copies what can be read of a range, from its beginning on; returns how much.
  std::size_t copy(memory_range);
  /// Reads what was copied, else what is there now. False: it cannot be read whole.
  bool read(std::uint64_t address, void* to, std::size_t size) const;
  bool read_now(std::uint64_t address, void* to, std::size_t size) const;
  /// A text that ends with a zero, as it is now; empty where there is none.
  [[nodiscard]] std::string text_at(std::uint64_t address) const;

  template <class Value>
  Value value(std::uint64_t address, Value otherwise = {}) const {
    Value found{};
    return read(address, &found, sizeof found) ? found : otherwise;
  }

 private:
  pid_t pid_;
  std::map<std::uint64_t, std::vector<unsigned char>> copies_;  // by address
};

}  // namespace curfew::tool::dump
