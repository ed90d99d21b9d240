// SPDX-License-Identifier: Apache-2.0
// A daemon of daemon(7) as daemonize.py wants it: background WHAT PID_FILE REPORT.
#include <curfew/curfew.hpp>
#include <curfew/daemonize.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

std::string link_of(const char* name) {
  char text[4096];
  const ssize_t size = ::readlink(name, text, sizeof text);
  return size < 0 ? "?" : std::string(text, static_cast<std::size_t>(size));
}

/// What a daemon should be, for the driver to look at.
void report(const char* file) {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const std::string made = std::string(file) + ".new";
  std::ofstream out(made);
  out << "pid " << ::getpid() << "\nsession " << ::getsid(0) << "\ngroup " << ::getpgrp() << "\ncwd "
      << link_of("/proc/self/cwd") << "\numask " << mask;
  for (int fd = 0; fd < 3; ++fd) out << "\nfd" << fd << " " << link_of(("/proc/self/fd/" + std::to_string(fd)).c_str());
  out << "\n";
  out.close();
  std::rename(made.c_str(), file);
}

int run(std::string_view what, const char* pid_file, const char* report_file) {
  std::printf("written before\n");  // once, whoever flushes it
  curfew::thread early;
  if (what == "thread")
    early = curfew::thread({.name = "early", .daemon = true}, [] {
      for (;;) std::this_thread::sleep_for(1h);
    });
  auto daemon = curfew::daemonize({.pid_file = pid_file, .keep_output = what == "keeps output"});
  if (what == "status 3") return 3;
  if (what == "status 0") return 0;
  if (what == "dies") std::raise(SIGKILL);
  if (what == "child has the descriptor" && ::fork() == 0) {
    std::this_thread::sleep_for(2s);
    ::_exit(0);
  }
  if (what == "child has the descriptor") return 4;
  if (what == "throws") throw std::runtime_error("the database is not there");
  if (what == "twice") static_cast<void>(curfew::daemonize());
  curfew::exit_on_signals();
  curfew::thread worker([](const std::stop_token&) {
    while (curfew::this_thread::sleep_for(1h)) {
    }
  });
  if (what == "slow") std::this_thread::sleep_for(500ms);
  std::fprintf(stderr, "still on the terminal\n");
  daemon.ready();
  daemon.ready();
  std::printf("written after\n");
  std::fflush(stdout);
  report(report_file);
  if (what == "fork outlives it" && ::fork() == 0) {
    std::this_thread::sleep_for(3s);
    ::_exit(0);
  }
  return curfew::wait_for_exit();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 64;
  try {
    return run(argv[1], argv[2], argv[3]);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 9;
  }
}
