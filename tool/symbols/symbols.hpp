// SPDX-License-Identifier: Apache-2.0
// From addresses of a process, which may be gone, to functions, files and lines, as far as its files say.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct Dwfl;  // elfutils'

namespace curfew::tool {

struct frame {
  std::string function;  ///< demangled; empty: not known
  std::string symbol;    ///< the function that it was inlined into; the same as `function` where it was not
  std::string file;
  int line = 0;
  std::string module;
  std::uint64_t offset = 0;  ///< in the module: what addr2line wants
  std::uint64_t address = 0;
  bool of_system = false;  ///< its module lies where the system's libraries lie
};

struct static_object {
  std::string name;  ///< demangled; empty: not known
  std::string module;
  std::string file;
  int line = 0;
  std::uint64_t offset = 0, size = 0;
  bool of_system = false;  ///< its module lies where the system's libraries lie
};

/// One process at one moment.
class symbols {
 public:
  /// The text of its /proc/self/maps.
  explicit symbols(std::string_view maps);
  /// Opens a file that a process has mapped at an address; -1: nobody can.
  using opener = std::function<int(const std::string& path, std::uint64_t begin)>;
  /// Of a process that goes on, whose files `open` finds. Its code that the kernel provides is read out of it.
  symbols(std::string_view maps, pid_t pid, opener open);
  ~symbols();
  symbols(const symbols&) = delete;
  symbols& operator=(const symbols&) = delete;

  /// The function at an address and those that it was inlined into, innermost first; one frame at least.
  const std::vector<frame>& at(std::uint64_t address);
  /// The thread_local object of the program itself around an address, where `thread` is the pthread_t of its thread.
  static_object thread_object_at(std::uint64_t address, std::uint64_t thread);
  /// The local variable around an address in the frame of the function that `pc` lies in, which reached from `begin` to
  /// `end`. Without a name where the debug information does not give its place.
  static_object local_at(std::uint64_t address, std::uint64_t begin, std::uint64_t end, std::uint64_t pc);
  /// The static object around an address.
  static_object object_at(std::uint64_t address);
  /// For unwinding.
  [[nodiscard]] Dwfl* handle() const;

 private:
  std::vector<frame> look_up(std::uint64_t address);

  struct implementation;
  std::unique_ptr<implementation> its_;
};

std::string demangled(const char* name);

}  // namespace curfew::tool
