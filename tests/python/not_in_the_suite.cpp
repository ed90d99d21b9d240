// SPDX-License-Identifier: Apache-2.0
// What CPython's suite does not test. Some of it is in tests/lifetime/ already: rows.txt says which.
//! args: {case}
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <python/rows.hpp>
#include <support/child.hpp>
#include <support/sanitizers.hpp>

#include <csignal>
#include <string>

#include <unistd.h>

using curfew_test::eventually;
using curfew_test::gate;
using curfew_test::say;
using curfew_test::speaking;
using namespace std::chrono_literals;

// One Ctrl-C is a request, and what main returns is the status; a second one, in the wait, breaks it off and shows.
//! case: NotInTheSuite.status_after_ctrl_c
//! env: CURFEW_EXIT=second_signal_after=0
//! signal: INT after ready
//! signal: INT after waits
//! status: 130
//! out: ready
//! out: waits
//! err~ .*second signal.*status 130.*
ROW(NotInTheSuite, status_after_ctrl_c) {
  curfew::exit_on_signals();
  curfew::thread([] { std::this_thread::sleep_for(100h); }).detach();
  say("ready");
  const int status = curfew::wait_for_exit();
  CHECK(status == 0);
  say("waits");
  return status;
}

// What a daemon has printed when it is frozen comes out, each line whole, and nothing of it after that.
//! case: NotInTheSuite.output_of_daemons_at_exit
//! repeat: 5
//! out* a line of a daemon, long enough to be cut in the middle if anything could cut it
//! out: printed before the end
//! out* a line of a daemon, long enough to be cut in the middle if anything could cut it
//! out: static destroyed
ROW(NotInTheSuite, output_of_daemons_at_exit) {
  static speaking last("static destroyed");
  static gate printed;
  curfew::thread daemon({.daemon = true}, [] {
    for (;;) {
      std::puts("a line of a daemon, long enough to be cut in the middle if anything could cut it");
      printed.open();
    }
  });
  printed.wait();
  std::puts("printed before the end");
  return 0;
}

// A daemon in getchar() holds stdin: the process ends at once, and what was printed comes out.
//! case: NotInTheSuite.exit_with_a_thread_blocked_in_stdin
//! stdin: open
//! seconds: 0..5
//! status: 3
//! out: ended
//! out* static destroyed
ROW(NotInTheSuite, exit_with_a_thread_blocked_in_stdin) {
  if (curfew_test::thread_sanitizer)
    curfew_test::skip("ThreadSanitizer holds signals back from a thread inside read()");
  static speaking last("static destroyed");
  static gate reads;
  curfew::thread daemon({.daemon = true}, [] {
    reads.open();
    (void)std::getchar();
    std::puts("read");
  });
  reads.wait();
  const auto asleep = [&] {
    const auto id = daemon.native_id();
    const std::string path = "/proc/self/task/" + std::to_string(id) + "/syscall";
    FILE* const f = std::fopen(path.c_str(), "r");
    char text[8] = {};
    const bool read = f != nullptr && std::fgets(text, sizeof text, f) != nullptr && text[0] == '0';
    if (f != nullptr) std::fclose(f);
    return read;
  };
  (void)eventually(asleep, 500ms);  // not every system shows it
  std::puts("ended");
  return 3;
}

// A daemon's children: regular if it says so, and then waited for, even when it says so as the exit begins.
//! case: NotInTheSuite.daemon_flag_toggled_concurrently
//! repeat: 3
//! out: every regular one ended
ROW(NotInTheSuite, daemon_flag_toggled_concurrently) {
  static std::atomic<int> begun{0};
  static std::atomic<int> ended{0};
  struct counts {
    ~counts() { std::puts(begun == ended ? "every regular one ended" : "a regular one was frozen"); }
  };
  static counts last;
  curfew::exit_options options;
  options.report_after = -1ms;
  curfew::set_exit_options(options);
  for (int i = 0; i < 4; ++i) {
    curfew::thread({.daemon = true}, [] {
      for (int n = 0; n < 2000; ++n) {
        const bool daemon = n % 2 == 0;
        try {
          curfew::thread({.daemon = daemon}, [=] {
            if (!daemon) ++begun;
            curfew::this_thread::yield();
            if (!daemon) ++ended;
          }).detach();
        } catch (const std::system_error&) {
          return;
        }
        if (n % 16 == 0) std::this_thread::sleep_for(1ms);
      }
    }).detach();
  }
  CHECK(eventually([] { return begun > 50; }));
  return 0;
}

// A daemon that forks and executes when the process ends: children are whole, the parent ends well.
//! case: NotInTheSuite.fork_and_exec_in_daemons
//! repeat: 5
//! out: static destroyed
ROW(NotInTheSuite, fork_and_exec_in_daemons) {
  static speaking last("static destroyed");
  static std::atomic<int> done{0};
  for (int i = 0; i < 2; ++i) {
    curfew::thread({.daemon = true}, [] {
      for (;;) {
        const pid_t child = fork();
        if (child == 0) {
          ::execl("/bin/true", "true", nullptr);
          _exit(1);
        }
        CHECK(curfew_test::status_of_child(child) == 0);
        ++done;
      }
    }).detach();
  }
  CHECK(eventually([] { return done > 4; }));
  return 0;
}
