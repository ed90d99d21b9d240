// SPDX-License-Identifier: Apache-2.0
// write_page [WHAT]: the page of an exit that is made up, on a date that is made up. WHAT: "full" (the default),
// "clean", "unchecked" or "endless".
#include "check/output/output.hpp"

#include <iostream>

using namespace curfew::tool;

namespace {

constexpr const char* nasty = "<b>&\"'`";
constexpr std::time_t date = 1'700'000'000;  // 2023-11-14 22:13:20 UTC

frame at(const char* function, const char* file, int line, const char* module) {
  frame one;
  one.function = function;
  one.file = file;
  one.line = line;
  one.module = module;
  return one;
}

finding made(const char* kind, bool error, unsigned count) {
  finding f;
  f.kind = kind;
  f.error = error;
  f.count = count;
  f.message = "thread #1 used `std::map<int, <lambda>>` at use.cpp:11 & went on";
  f.advice = "run the program under `curfew run`, or join() it";
  involved_thread t;
  t.number = 1;
  t.name = nasty;
  t.role = "used it";
  t.kind = "detached";
  t.created_at = at("main", "use.cpp", 10, "prog");
  t.created_stack = {at("pthread_create", "", 0, "libc.so.6"), t.created_at};
  t.stack = {at("std::first", "/usr/include/c++/12/first.h", 1, "prog"), at("std::second", "", 0, "prog"),
             at("own_function<int&>", "/home/of/use.cpp", 11, "prog"), at("start_thread", "", 0, "libc.so.6"),
             at("clone3", "", 0, "libc.so.6")};
  f.threads = {t};
  involved_thread main;
  main.role = "ran the destructor";
  main.kind = "main";
  main.stack = {at("__libc_start_main", "", 0, "libc.so.6")};
  f.threads.push_back(main);
  return f;
}

exit_story story() {
  exit_story one;
  one.program = "./prog <x>";
  one.length_ms = 1234;
  one.ended = true;
  one.lanes.push_back({"the main thread", "", 0, -1, {{"main returned", 0, false}}});
  one.lanes.push_back({std::string("thread #1 \"") + nasty + "\"", "in operator<<", -5, 700, {}});
  for (int i = 0; i < 50; ++i) one.lanes.back().marks.push_back({"used `numbers`", 1.0 + i, true});
  for (int i = 2; i < 40; ++i)
    one.lanes.push_back({"thread #" + std::to_string(i) + " \"idle\"", "running", 0, -1, {}});
  const auto step = [&](const std::string& what, double begin, double end, bool of_library) {
    one.steps.push_back({what, "x.cpp:1", begin, end, of_library});
  };
  step("the destructor of `numbers` (use.cpp:3)", 1, 2, false);
  for (int i = 0; i < 27; ++i) step("the destructor of `std::facet" + std::to_string(i) + "`", 3 + i, 3.5 + i, true);
  step("the exit handler `slow_handler` of libslow.so", 100, 900, true);
  for (int i = 0; i < 60; ++i) step("the destructor of `own" + std::to_string(i) + "`", 901 + i, 901.5 + i, false);
  return one;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "full";
  check_result result;
  checked_run run{{"./prog <x>", "--flag", "two words", "it's"}, date, 1};
  result.story = story();
  result.exit_seen = true;
  result.destructors = 89;
  result.threads = 39;
  if (what == "full") {
    result.findings = {made("thread-running-at-exit", false, 1), made("static-used-after-destruction", true, 798),
                       made("lock-held-at-exit", false, 2)};
    run.times = 3;
  } else if (what == "unchecked") {
    result.exit_seen = false;
    result.signal = 9;
    result.status = 137;
    result.story = {};
    result.story.program = "./prog <x>";
  } else if (what == "endless") {
    result.findings = {made("exit-blocked", true, 1)};
    result.story.ended = false;
    result.complete = false;
  }
  print_html(std::cout, result, run);
}
