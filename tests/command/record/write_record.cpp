// SPDX-License-Identifier: Apache-2.0
// write_record FILE: a record of this build's version, with an event of each kind, of processes that never were.
#include "preload/check/record.hpp"

#include <cstdio>
#include <memory>
#include <string_view>

namespace {

using namespace curfew::check;

constexpr int pid = 1000, joining_child = 1001, blocked_child = 1002, destroying_child = 1003, left_child = 1004;
constexpr std::uint64_t program = 0x400000, library = 0x7f0000000000, c_library = 0x7f1000000000,
                        stack = 0x7fff00001000, ms = 1'000'000;

record_file& record() {
  static const auto one = std::make_unique<record_file>();
  return *one;
}

text_place text(std::string_view words) {
  const auto offset = record().text_used.fetch_add(words.size());
  words.copy(record().text + offset, words.size());
  return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(words.size())};
}

int thread(int of_pid, std::uint32_t number, std::string_view name, std::uint32_t state) {
  const auto index = record().thread_count.fetch_add(1);
  auto& one = record().threads[index];
  one.state.store(thread_record::used | state);
  one.number = number;
  one.pid = of_pid;
  one.tid = of_pid + static_cast<int>(number);
  one.parent = number == 0 ? -1 : 0;
  one.handle = 0x7f2000000000 + index * 0x1000;
  one.started_ns = 1 * ms;
  name.copy(one.name, sizeof one.name - 1);
  if (number == 0) return static_cast<int>(index);
  one.routine = program + 0x1200 + number;
  one.argument = 0x7f3000000000;
  one.created_count = 2;
  one.created[0] = c_library + 0x500;
  one.created[1] = program + 0x1100 + number;
  return static_cast<int>(index);
}

template <class Event>
int add(int of_pid, int of_thread, int during, const Event& what) {
  static_assert(is_event<Event>);
  const auto index = record().event_count.fetch_add(1);
  auto& one = record().events[index];
  one.kind.store(Event::kind);
  one.pid = of_pid;
  one.thread = of_thread;
  one.during = during;
  one.times = 1;
  one.at_ns = (10 + index) * ms;
  if constexpr (!std::is_empty_v<Event>) std::memcpy(one.payload, &what, sizeof what);
  if (of_thread < 0) return static_cast<int>(index);
  one.stack_count = 2;
  one.stack[0] = c_library + 0x600;
  one.stack[1] = program + 0x2000 + index * 0x10;
  return static_cast<int>(index);
}

void fill() {
  record().magic = record_magic;
  record().version = record_version;
  record().first_pid = pid;
  record().loaded.store(5);
  const int main = thread(pid, 0, "", 0), worker = thread(pid, 1, "worker", thread_record::detached);
  const int pool = thread(pid, 2, "pool-7", 0), plugin = thread(pid, 3, "plugin", thread_record::detached);
  const int crasher = thread(pid, 4, "crasher", thread_record::crashed);
  const int thrower = thread(pid, 5, "thrower", thread_record::seen_only);
  const int brief = thread(pid, 6, "brief", thread_record::ended);
  record().threads[brief].ended_ns = 12 * ms;
  const int joiner = thread(joining_child, 0, "", 0), waiter = thread(blocked_child, 0, "", 0),
            holder = thread(blocked_child, 1, "holder", 0), destroyer = thread(destroying_child, 0, "", 0),
            left_behind = thread(left_child, 0, "", 0);

  const text_place maps = text(
      "00400000-00403000 r-xp 00000000 08:01 1 /golden/program\n"
      "00403000-00406000 rw-p 00003000 08:01 1 /golden/program\n"
      "7f0000000000-7f0000002000 r-xp 00000000 08:01 2 /golden/libplugin.so\n"
      "7f1000000000-7f1000002000 r-xp 00000000 08:01 3 /golden/libc.so.6\n");
  for (const int one : {pid, joining_child, blocked_child, destroying_child, left_child})
    add(one, -1, -1, maps_read{maps});
  add(pid, main, -1, became_other{text("/golden/other")});
  add(pid, main, -1, stayed_itself{});
  add(pid, main, -1, exit_began{.status = 3, .how = exit_by::return_from_main, .patience_ms = 30});
  const int left = add(pid, main, -1, main_left{.begin = stack, .end = stack + 0x200, .pc = program + 0x1800});
  add(pid, worker, -1, running_at_exit{.call = 202, .object = program + 0x4100, .pc = c_library + 0x600});
  record().events[record().event_count.load() - 1].at_ns = 11 * ms;
  add(pid, brief, -1, running_at_exit{.call = no_call, .pc = program + 0x1300});
  record().events[record().event_count.load() - 1].at_ns = 11 * ms;
  const int gone = add(pid, main, -1,
                       destructor_ran{.function = program + 0x1500,
                                      .object = program + 0x4000,
                                      .size = 24,
                                      .ended_ns = 40 * ms,
                                      .asleep_ns = 27 * ms,
                                      .on_cpu_ns = 1 * ms,
                                      .owns = 1});
  const int local = add(pid, main, -1,
                        destructor_ran{.function = program + 0x1600,
                                       .object = 0x7f2000000100,
                                       .size = 8,
                                       .ended_ns = 41 * ms,
                                       .harmless = 1,
                                       .of_thread = 1});
  add(pid, worker, gone,
      static_used{.address = program + 0x4008,
                  .object = program + 0x4000,
                  .size = 24,
                  .pc = program + 0x2100,
                  .destructor = gone,
                  .written = 1});
  add(pid, worker, -1,
      static_used{.address = stack + 0x10, .object = stack, .size = 0x200, .pc = program + 0x2120, .destructor = left});
  add(pid, worker, gone,
      static_used{.address = stack - 0x30,
                  .object = stack - 0x40,
                  .size = 0x40,
                  .pc = program + 0x2140,
                  .destructor = left,
                  .code = program + 0x1900});
  add(pid, worker, -1,
      static_used{.address = program + 0x4010,
                  .object = program + 0x4000,
                  .size = 24,
                  .pc = program + 0x2140,
                  .destructor = gone,
                  .scanned = 1});
  add(pid, pool, gone,
      freed_used{.address = 0x7f4000000010,
                 .block = 0x7f4000000000,
                 .size = 64,
                 .pc = program + 0x2200,
                 .destructor = local,
                 .in_handler = 1});
  add(pid, main, local, freed_twice{.block = 0x7f4000000100, .size = 32, .destructor = local});
  add(pid, worker, gone, variable_changed{.address = program + 0x4200, .destructor = gone, .freed = 1});
  add(pid, -1, -1,
      freed_written{
          .address = 0x7f4000000020, .block = 0x7f4000000000, .size = 64, .destructor = gone, .given_to = worker});
  add(pid, plugin, -1,
      library_unloaded{.begin = library, .end = library + 0x2000, .path = text("/golden/libplugin.so")});
  add(pid, crasher, gone, crashed{.address = 0x10, .pc = program + 0x2300, .signal = 11});
  add(pid, thrower, gone, terminated{.beside_exit = 1});
  add(pid, main, gone, static_built{.object = program + 0x4300, .size = 8});
  add(pid, pool, gone, exit_again{.status = 4, .how = exit_by::call});
  add(pid, main, -1, exit_in_handler{.interrupted = program + 0x1700});
  add(pid, -1, -1, lock_held{.mutex = program + 0x4400, .holder = worker});
  add(pid, -1, -1, stream_held{.stream = c_library + 0x1000, .descriptor = 0, .holder = worker});
  add(pid, worker, -1, output_left{.buffer = 0x7f5000000000, .bytes = 512});
  add(pid, worker, -1, running_at_end{.call = 202, .object = program + 0x4100, .pc = c_library + 0x600});
  add(pid, main, -1, exit_ended{});
  add(joining_child, joiner, -1, joined_nobody{.joined = pool});
  add(blocked_child, -1, -1, library_closing{text("/golden/libplugin.so")});
  add(blocked_child, waiter, -1,
      exit_blocked{.call = 202, .object = program + 0x4500, .ms = 1500, .holder = holder, .wait = wait_kind::mutex});
  add(blocked_child, holder, -1,
      thread_blocked{.call = 0, .object = 5, .file = text("pipe:[1]"), .holder = -1, .wait = wait_kind::none});
  add(destroying_child, destroyer, -1, condition_destroyed{program + 0x4600});
  add(left_child, left_behind, -1, forked_beside_exit{.exiting = main});
  add(left_child, left_behind, -1, exit_began{.status = 5, .how = exit_by::call, .patience_ms = 30});
  add(left_child, left_behind, -1, exit_left_behind{.lock = c_library + 0x1100, .exiting = main});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  fill();
  std::FILE* const file = std::fopen(argv[1], "wb");
  if (file == nullptr || std::fwrite(&record(), sizeof(record_file), 1, file) != 1) return 1;
  return std::fclose(file) == 0 ? 0 : 1;
}
