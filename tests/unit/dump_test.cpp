// SPDX-License-Identifier: Apache-2.0
// What a dump says, and when it is written. What the deadline of an exit writes: lifetime/deadline/.
#include <curfew/dump.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <support/child.hpp>
#include <support/error_of.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <regex>
#include <sstream>
#include <string>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew_test::eventually;

/// A file that is gone when the test is.
class text_file {
 public:
  text_file() { ::unlink(name_); }
  ~text_file() { ::close(fd_); }
  text_file(const text_file&) = delete;
  text_file& operator=(const text_file&) = delete;
  [[nodiscard]] int descriptor() const { return fd_; }
  [[nodiscard]] std::string text() const {
    std::ifstream in("/proc/self/fd/" + std::to_string(fd_));
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
  }
  [[nodiscard]] int dumps() const {
    const std::string all = text();
    int count = 0;
    for (auto at = all.find(": end of the dump\n"); at != std::string::npos;
         at = all.find(": end of the dump\n", at + 1))
      ++count;
    return count;
  }

 private:
  char name_[32] = "/tmp/curfew-dump-test-XXXXXX";
  int fd_ = ::mkstemp(name_);
};

/// The lines of one thread: what stands between its line and the next thread's.
std::string part_of(const std::string& dump, const std::string& name) {
  const auto begin = dump.find("thread \"" + name + "\"");
  if (begin == std::string::npos) return {};
  return dump.substr(begin, dump.find("\nthread \"", begin) - begin);
}

bool has(const std::string& text, const char* pattern) { return std::regex_search(text, std::regex(pattern)); }

std::string dumped() {
  const text_file file;
  curfew::dump(file.descriptor());
  return file.text();
}

TEST(Dump, says_what_curfew_knows_of_each_thread) {
  std::mutex mutex;
  curfew::event end;
  std::unique_lock<std::mutex> lock(mutex);
  curfew::thread regular({.name = "a regular thread with a long name"}, [&] { end.wait(); });
  curfew::thread daemon({.name = "daemon", .daemon = true}, [&] { end.wait(); });
  curfew::thread joiner({.name = "joiner"}, [&] { regular.join(); });
  curfew::thread blocked({.name = "blocked"}, [&] { const std::lock_guard<std::mutex> wait(mutex); });
  curfew::thread asked({.name = "asked"}, [&](const std::stop_token& stop) {
    while (!end.wait_for(1s) && !end.is_set()) static_cast<void>(stop.stop_requested());
  });
  EXPECT_TRUE(eventually([&] { return has(dumped(), "\"blocked\"[^\n]*\\(futex\\), for thread id"); }));
  const std::string number = std::to_string(regular.info().number);
  const std::string all = dumped();
  EXPECT_TRUE(has(all, "^curfew\\[\\d+\\]: dump of \\d+ threads, phase running\n")) << all;
  EXPECT_TRUE(has(all, "\ncurfew\\[\\d+\\]: end of the dump\n$")) << all;
  EXPECT_TRUE(has(part_of(all, "main"), "\"main\" \\(#0\\), main, ")) << all;
  EXPECT_TRUE(has(part_of(all, "a regular thread with a long name"),
                  "\\(#\\d+\\), regular, waiting, thread id \\d+, .* old, started at .*dump_test\\.cpp:\\d+"))
      << all;
  EXPECT_TRUE(has(part_of(all, "daemon"), "\\), daemon, waiting,")) << all;
  EXPECT_TRUE(has(part_of(all, "joiner"), ("waiting, .*, joins #" + number).c_str())) << all;
  EXPECT_TRUE(has(part_of(all, "blocked"), ("\\(futex\\), for thread id " + std::to_string(::gettid())).c_str()))
      << all;
  if (!curfew_test::thread_sanitizer) {  // which puts the handlers of sleepers off
    // Each address with its module: of this program, and of the C library.
    EXPECT_TRUE(has(part_of(all, "blocked"), "\n  /[^\n]*unit_tests\\+0x[0-9a-f]+\n")) << all;
    EXPECT_TRUE(has(part_of(all, "blocked"), "\n  /[^\n]*libc[^\n]*\\+0x[0-9a-f]+\n")) << all;
  }
  EXPECT_TRUE(has(part_of(all, "main"), "\n  /[^\n]*unit_tests\\+0x[0-9a-f]+\n")) << all;
  end.set();
  lock.unlock();
  for (curfew::thread* const one : {&daemon, &joiner, &blocked, &asked}) one->join();
}

TEST(Dump, is_not_seen_by_who_sleeps) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer ends a poll for a signal that it puts off";
  curfew_test::gate begun;
  std::atomic<int> result{-2};
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  curfew::thread sleeper([&] {
    pollfd one{ends[0], POLLIN, 0};
    begun.open();
    result.store(::poll(&one, 1, -1));
  });
  begun.wait();
  for (int i = 0; i < 20; ++i) dumped();
  EXPECT_EQ(result.load(), -2);
  ASSERT_EQ(::write(ends[1], "x", 1), 1);
  sleeper.join();
  EXPECT_EQ(result.load(), 1);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Dump, keeps_errno) {
  errno = EXDEV;
  curfew::dump(-1);
  EXPECT_EQ(errno, EXDEV);
}

TEST(Dump, on_a_signal_while_threads_come_and_go) {
  const text_file file;
  curfew::dump_on_signal(SIGUSR1, file.descriptor());
  std::atomic<bool> over{false};
  curfew::thread churn([&] {
    while (!over.load()) curfew::thread([] {}).join();
  });
  for (int i = 0; i < 100; ++i) {
    std::raise(SIGUSR1);
    // Also amid the registry's own code.
    ::pthread_kill(::pthread_self(), SIGUSR1);
    curfew::thread([] { std::raise(SIGUSR1); }).join();
  }
  over.store(true);
  churn.join();
  EXPECT_GE(file.dumps(), 200);
  EXPECT_TRUE(curfew::cancel_dump_on_signal(SIGUSR1));
  EXPECT_FALSE(curfew::cancel_dump_on_signal(SIGUSR1));
}

TEST(Dump, a_signal_has_its_handler_back_afterwards) {
  static std::atomic<int> calls{0};
  std::signal(SIGUSR2, [](int) { ++calls; });
  const text_file file;
  curfew::dump_on_signal(SIGUSR2, file.descriptor());
  curfew::dump_on_signal(SIGUSR2, file.descriptor());
  std::raise(SIGUSR2);
  EXPECT_EQ(calls.load(), 0);
  EXPECT_EQ(file.dumps(), 1);
  EXPECT_TRUE(curfew::cancel_dump_on_signal(SIGUSR2));
  std::raise(SIGUSR2);
  EXPECT_EQ(calls.load(), 1);
  EXPECT_EQ(file.dumps(), 1);
  std::signal(SIGUSR2, SIG_DFL);
}

TEST(Dump, signals_that_are_none_are_refused) {
  for (const int signal : {0, -1, 1000, SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP})
    EXPECT_EQ(curfew_test::error_of([&] { curfew::dump_on_signal(signal); }), std::errc::invalid_argument) << signal;
  EXPECT_EQ(curfew_test::error_of([] { curfew::dump_on_signal(SIGUSR1, 12345); }), std::errc::bad_file_descriptor);
  EXPECT_FALSE(curfew::cancel_dump_on_signal(SIGUSR1));
  EXPECT_FALSE(curfew::cancel_dump_on_signal(-1));
  EXPECT_FALSE(curfew::cancel_dump_on_signal(1000));
}

TEST(DumpAfter, writes_once) {
  const text_file file;
  curfew::dump_after(20ms, {.fd = file.descriptor()});
  EXPECT_TRUE(eventually([&] { return file.dumps() == 1; }));
  EXPECT_FALSE(curfew::cancel_dump_after());
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(file.dumps(), 1);
  EXPECT_TRUE(has(file.text(), "\nthread \"main\"")) << file.text();
}

TEST(DumpAfter, writes_nothing_when_it_is_cancelled) {
  const text_file file;
  curfew::dump_after(150ms, {.fd = file.descriptor()});
  EXPECT_TRUE(curfew::cancel_dump_after());
  EXPECT_FALSE(curfew::cancel_dump_after());
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(file.dumps(), 0);
}

TEST(DumpAfter, the_second_call_takes_the_place_of_the_first) {
  const text_file first, second;
  curfew::dump_after(1h, {.fd = first.descriptor()});
  curfew::dump_after(10ms, {.fd = second.descriptor()});
  EXPECT_TRUE(eventually([&] { return second.dumps() == 1; }));
  EXPECT_EQ(first.dumps(), 0);
  EXPECT_FALSE(curfew::cancel_dump_after());
}

TEST(DumpAfter, repeats_until_it_is_cancelled) {
  if (curfew_test::thread_sanitizer)
    GTEST_SKIP() << "ThreadSanitizer does not see that the last write is over when the file is closed: time has passed";
  const text_file file;
  curfew::dump_after(10ms, {.fd = file.descriptor(), .repeat = true});
  EXPECT_TRUE(eventually([&] { return file.dumps() >= 3; }));
  EXPECT_TRUE(curfew::cancel_dump_after());
  std::this_thread::sleep_for(100ms);
  const int dumps = file.dumps();
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(file.dumps(), dumps);
}

TEST(DumpAfter, what_is_no_time_or_no_descriptor_is_refused) {
  EXPECT_EQ(curfew_test::error_of([] { curfew::dump_after(0ms); }), std::errc::invalid_argument);
  EXPECT_EQ(curfew_test::error_of([] { curfew::dump_after(-1s); }), std::errc::invalid_argument);
  EXPECT_EQ(curfew_test::error_of([] { curfew::dump_after(1s, {.fd = 12345}); }), std::errc::bad_file_descriptor);
  EXPECT_FALSE(curfew::cancel_dump_after());
}

TEST(DumpAfter, ends_a_process_that_hangs) {
  const text_file file;
  const pid_t child = ::fork();
  if (child == 0) {
    curfew::dump_after(20ms, {.fd = file.descriptor(), .exit = true});
    for (;;) ::pause();
  }
  EXPECT_EQ(curfew_test::status_of_child(child), 1);
  EXPECT_EQ(file.dumps(), 1);
  EXPECT_TRUE(has(file.text(), "is ended here, with status 1, by dump_after\n$")) << file.text();
}

TEST(DumpAfter, is_not_due_in_a_forked_child) {
  if (curfew_test::thread_sanitizer || curfew_test::address_sanitizer)
    GTEST_SKIP() << "the runtimes of the sanitizers may be locked in the child of a process with threads, or have no "
                    "threads there";
  const text_file file;
  curfew::dump_after(100ms, {.fd = file.descriptor()});
  const pid_t child = ::fork();
  if (child == 0) {
    std::this_thread::sleep_for(400ms);
    const bool due = curfew::cancel_dump_after();
    // And it can have one of its own.
    curfew::dump_after(10ms, {.fd = file.descriptor(), .exit = true});
    if (!due)
      for (;;) ::pause();
    ::_exit(3);
  }
  EXPECT_EQ(curfew_test::status_of_child(child), 1);
  EXPECT_TRUE(eventually([&] { return file.dumps() == 2; })) << file.text();
}

}  // namespace
