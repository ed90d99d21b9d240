// SPDX-License-Identifier: Apache-2.0
// An error names the option that is wrong and says what is allowed, so that its text alone is enough to mend the call.
#include <curfew/curfew.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct wrong_call {
  std::string field, allowed;
  std::function<void()> call;
};

/// What the call's error says; empty when there is none.
std::string text_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

void expect_named(const std::vector<wrong_call>& calls) {
  for (const wrong_call& wrong : calls) {
    const std::string text = text_of(wrong.call);
    EXPECT_TRUE(text.starts_with("curfew: ")) << text;
    EXPECT_NE(text.find(wrong.field), std::string::npos) << wrong.field << ": " << text;
    EXPECT_NE(text.find(wrong.allowed), std::string::npos) << wrong.allowed << ": " << text;
  }
}

TEST(ErrorMessages, exit_options_name_the_field) {
  expect_named({
      {"exit_options::daemon_grace", "not be negative", [] { curfew::set_exit_options({.daemon_grace = -1ms}); }},
      {"exit_options::shield_limit", "not be negative", [] { curfew::set_exit_options({.shield_limit = -1ms}); }},
      {"exit_options::deadline", "not be negative", [] { curfew::set_exit_options({.deadline = -1ms}); }},
      {"exit_options::second_signal_after", "not be negative",
       [] { curfew::set_exit_options({.second_signal_after = -1ms}); }},
      {"exit_options::deadline_status", "0 to 255", [] { curfew::set_exit_options({.deadline_status = 256}); }},
      {"exit_options::daemons", "freeze or ending::skip_destructors",
       [] { curfew::set_exit_options({.daemons = static_cast<curfew::ending>(9)}); }},
      {"exit_options::foreign", "leave, freeze or wait",
       [] { curfew::set_exit_options({.foreign = static_cast<curfew::foreign_threads>(9)}); }},
      {"exit_options::report", "NUL", [] { curfew::set_exit_options({.report = std::string("a\0b", 3)}); }},
  });
}

TEST(ErrorMessages, thread_options_name_the_field) {
  expect_named({
      {"thread_options::grace", "not be negative", [] { curfew::thread t({.grace = -1ms}, [] {}); }},
      {"thread_options::stack_size", "below the minimum", [] { curfew::thread t({.stack_size = 1}, [] {}); }},
      {"a name", "must not contain a NUL",
       [] {
         curfew::thread t({.name = {"a\0b", 3}}, [] {});
       }},
  });
}

TEST(ErrorMessages, pool_options_name_the_field) {
  expect_named({
      {"pool_options::workers", "at least 1", [] { curfew::thread_pool p({.workers = 0}); }},
      {"pool_options::keep", "0 to the number of workers", [] { curfew::thread_pool p({.workers = 2, .keep = 3}); }},
      {"pool_options::idle", "not be negative", [] { curfew::thread_pool p({.idle = -1ms}); }},
      {"pool_options::queue_limit", "at least 1", [] { curfew::thread_pool p({.queue_limit = 0}); }},
  });
}

TEST(ErrorMessages, objects_of_sync_name_the_argument) {
  expect_named({
      {"barrier: parties", "at least 1", [] { curfew::barrier b(0); }},
      {"bounded_semaphore", "0 to the bound", [] { curfew::bounded_semaphore s(2, 1); }},
      {"bounded_semaphore::release", "at least 1", [] { curfew::bounded_semaphore(1).release(0); }},
      {"blocking_queue: the capacity", "at least 1", [] { curfew::blocking_queue<int> q(0); }},
      {"blocking_queue::task_done", "items were pushed", [] { curfew::blocking_queue<int>().task_done(); }},
      {"timer: the interval", "more than zero", [] { curfew::timer t({.periodic = true}, 0ms, [] {}); }},
      {"timer: the function", "not be empty", [] { curfew::timer t(1ms, std::function<void()>()); }},
      {"a hook", "not be an empty function", [] { curfew::before_wait("none", nullptr); }},
  });
}

}  // namespace
