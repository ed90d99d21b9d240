// SPDX-License-Identifier: Apache-2.0
// What curfew knows of the threads of a process that has it, read out of the process's memory
// (src/registry/layout.hpp).
#pragma once

#include "dump/memory.hpp"
#include "dump/target.hpp"
#include "src/registry/layout.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace curfew::tool::dump {

/// A curfew in the process. There may be several: a plugin can have one of its own.
struct library {
  std::string module;  ///< the file that has it
  std::uint64_t layout_at = 0;
  layout::registry<std::uint64_t> layout{};
  std::string fault;  ///< why it cannot be read; empty: it can
};
struct libraries {
  std::vector<library> found;
  bool symbols_are_missing = false;  ///< the program has no table of symbols: it may have a curfew that nobody can find
};
/// Looks through the files of the process. Nothing has to be stopped for it.
libraries find_libraries(const target&, const std::vector<mapping>&, const memory&);

struct place {
  std::string file, function;
  unsigned line = 0;
  std::uint64_t code = 0;
};

struct known_thread {
  std::uint64_t number = 0, parent = 0;
  std::string name;
  std::string kind;   ///< "main", "regular", "daemon", "foreign"
  std::string state;  ///< "starting", "running", "waiting", "stopping", "frozen"
  pid_t tid = 0;      ///< in the process's own namespace; 0: it has not begun
  place created_at;
  std::int64_t started_at_ns = 0;  ///< since 1970
  std::uint64_t joins = 0;         ///< one more than the number of the thread that it joins
  std::uint32_t shields = 0;
  bool takes_token = false, worker = false, in_exit = false, frozen = false;
  std::size_t library = 0;  ///< which of the libraries knows it
};

struct exit_of_process {
  std::string phase;  ///< "running", "draining", "stopping", "frozen"
  pid_t runner = 0;
  std::string hook;
  int status = -1;
  std::int64_t age_ns = 0;
  bool steps_done = false;
  std::vector<std::uint64_t> waits_for;  ///< numbers of threads
};

struct known_process {
  std::vector<known_thread> threads;
  exit_of_process exit;
};

/// The bytes of the records, which are copied while the process is stopped.
struct raw_registry {
  std::size_t library = 0;
  std::vector<std::vector<unsigned char>> live;
  std::uint32_t runner = 0, status = 0;
  std::uint64_t hook = 0, began = 0;
  unsigned char phase = 0, steps_done = 0;
};
raw_registry copy_registry(const library&, std::size_t number, memory&);
known_process read_registry(const library&, const raw_registry&, const memory&);

}  // namespace curfew::tool::dump
