// SPDX-License-Identifier: Apache-2.0
// A thread forks, and in the child that thread ends without a call of exit: the last thread's end is the process's,
// with status 0, its output written. `argv[1]` says how it ends: its function returns, or it calls pthread_exit, or
// another thread works on in the child, or the child's thread forks again; `inside`: it forks while main runs a static
// destructor, which waits for it.
#ifdef LINKED_WITH_CURFEW
#include <curfew/thread.hpp>
#endif

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;

static void wait_for(pid_t child) {
  int status = -1;
  for (int i = 0; i < 300 && waitpid(child, &status, WNOHANG) != child; ++i) std::this_thread::sleep_for(10ms);
  if (status == -1) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  std::printf("child ended: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void fork_in_thread(std::string_view how) {
  const pid_t child = fork();
  if (child != 0) return wait_for(child);
  std::puts("child's line");
  if (how == "pthread_exit") pthread_exit(nullptr);
  if (how == "another") {
    std::thread([] {
      std::this_thread::sleep_for(200ms);
      std::puts("the other's line");
    }).detach();
  }
  if (how == "again") {
    std::fflush(stdout);
    const pid_t grandchild = fork();
    if (grandchild != 0) return wait_for(grandchild);
    std::puts("grandchild's line");
  }
}

static struct joined_last {
  std::thread thread;
  ~joined_last() {
    if (thread.joinable()) thread.join();
  }
} last;

int main(int, char** argv) {
  const std::string_view how = argv[1];
  std::setvbuf(stdout, nullptr, _IOFBF, 4096);
  if (how == "inside") {
    last.thread = std::thread([how] {
      std::this_thread::sleep_for(100ms);
      fork_in_thread(how);
    });
    return 7;
  }
#ifdef LINKED_WITH_CURFEW
  curfew::thread(fork_in_thread, how).join();
#else
  std::thread(fork_in_thread, how).join();
#endif
  return 7;
}
