// SPDX-License-Identifier: Apache-2.0
// Where another process finds what curfew knows of this one's threads: `curfew dump` reads it out of the memory of a
// process that goes on. The library has one constant of this type, whose symbol is `curfew_layout_1`; the number is
// that of the type, and a change of it that a reader of before would not understand makes another type with another
// symbol. docs/dump.md says what each field is.
#pragma once

#include <cstdint>

namespace curfew::layout {

/// How the words of a std::string lie in memory.
enum class text_form : std::uint32_t {
  pointer_and_size = 1,  ///< libstdc++: the address of the text, then its size
  counted_pointer = 2,   ///< libstdc++ before its new ABI: the address of the text, the size 24 bytes before the text
  short_or_long = 3,     ///< libc++: bit 0 of the first byte says which
};

inline constexpr char magic[8] = {'c', 'u', 'r', 'f', 'e', 'w', '/', '1'};
inline constexpr char symbol_name[] = "curfew_layout_1";
/// The file has a note of this name and type too, which stays when its symbols are stripped: eight bytes, how far
/// behind them the constant lies.
inline constexpr char note_name[] = "curfew";
inline constexpr std::uint32_t note_type = 1;

/// `Address` is `const void*` in the process itself, and a number of that size for its reader.
template <class Address>
struct registry {
  char magic[8];
  std::uint32_t size;        ///< of this type: later fields are added at its end
  std::uint32_t strings;     ///< a text_form
  std::int64_t ns_per_tick;  ///< of `started_at`
  // What there is once.
  Address registry;    ///< three addresses: of the lists, of the number of live threads, of that of daemons (8 bytes
                       ///< each); the lists are four addresses of first records: not used, live, ended, ended and
                       ///< without a handle
  Address phase;       ///< 1 byte: 0 running, 1 draining, 2 stopping, 3 frozen
  Address runner;      ///< 4 bytes: the thread id of who runs the exit, 0 before it begins
  Address status;      ///< 4 bytes: the program's own, -1 while it is not known
  Address began;       ///< 8 bytes: when the exit began, in ns of the monotonic clock, 0 before
  Address deadline;    ///< 8 bytes: when it has to be over
  Address hook;        ///< the address of the name of the hook that runs, or 0
  Address steps_done;  ///< 1 byte: 1 once destructors are what is left
  // Where each thing lies in a record, in bytes.
  std::uint32_t record_size;
  std::uint32_t next;                  ///< the address of the list's next record
  std::uint32_t name;                  ///< a std::string; empty: the default name
  std::uint32_t number, parent;        ///< 8 bytes
  std::uint32_t kind;                  ///< 1 byte: 0 main, 1 regular, 2 daemon, 3 foreign
  std::uint32_t takes_token;           ///< 1 byte
  std::uint32_t file, function, code;  ///< addresses: of texts that end with a zero, and of the code; where it was made
  std::uint32_t line;                  ///< 4 bytes
  std::uint32_t started_at;            ///< 8 bytes, of the clock of the system
  std::uint32_t tid;                   ///< 4 bytes: the thread id in the process's own namespace, 0 before it runs
  std::uint32_t begun;                 ///< 1 byte
  std::uint32_t over;                  ///< 4 bytes: 1 once its function and its thread_local destructors have ended
  std::uint32_t waits;                 ///< 4 bytes: how many waits of curfew it is inside
  std::uint32_t shields;               ///< 4 bytes: how many it has open
  std::uint32_t joins;                 ///< 8 bytes: one more than the number of the thread that it joins, or 0
  std::uint32_t in_exit;               ///< 1 byte: it called exit while another thread ran the exit
  std::uint32_t worker;                ///< 1 byte: of a pool
  std::uint32_t frozen;                ///< 4 bytes: 1 while it is frozen
  // Whether it was asked to stop: the bits `stop_mask` of the 4 bytes at `stop_word` behind the address at `stop`.
  std::uint32_t stop, stop_word, stop_mask;
  std::uint32_t unused;
};

}  // namespace curfew::layout
