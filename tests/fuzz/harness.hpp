// SPDX-License-Identifier: Apache-2.0
// What the fuzzers share. A target is a function of some bytes, in a file of its own in targets/; the program that has
// them all is `fuzz_replay` (the kept inputs, as ordinary tests) or `fuzzers` (libFuzzer, which looks for new ones).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

namespace fuzz {

using target = void (*)(std::string_view input);

/// By name.
std::map<std::string_view, target>& targets();

struct registration {
  registration(std::string_view name, target run) { targets().emplace(name, run); }
};

/// May be set where few inputs are run: they do all that a target can do, and not each another part of it.
extern bool do_everything;

/// A file in memory, for code that opens what it reads.
class memory_file {
 public:
  memory_file();
  ~memory_file();
  memory_file(const memory_file&) = delete;
  memory_file& operator=(const memory_file&) = delete;

  void set(std::string_view content) const;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  std::string path_;
};

/// Takes an input apart, from its beginning.
class reader {
 public:
  explicit reader(std::string_view all) : left_(all) {}

  /// Zero where nothing is left.
  template <class Number>
  Number number() {
    Number value{};
    const std::string_view bytes = text(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  std::string_view text(std::size_t most) {
    const std::string_view found = left_.substr(0, most);
    left_.remove_prefix(found.size());
    return found;
  }
  [[nodiscard]] bool at_end() const { return left_.empty(); }
  std::string_view rest() { return text(left_.size()); }

 private:
  std::string_view left_;
};

/// While one lives, `fuzz_open` opens its content whatever path it is asked for: for sources that are included after
/// `#define open(path, ...) fuzz_open(path)`.
class files_are {
 public:
  explicit files_are(std::string_view content);
  ~files_are();
  files_are(const files_are&) = delete;
  files_are& operator=(const files_are&) = delete;
};

}  // namespace fuzz

/// Where no `files_are` lives, a file like any other.
int fuzz_open(const char* path);

#define CURFEW_FUZZ_TARGET(name)                              \
  static void name(std::string_view);                         \
  static const fuzz::registration registration(#name, &name); \
  static void name(std::string_view input)
