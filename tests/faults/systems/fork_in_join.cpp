// SPDX-License-Identifier: Apache-2.0
// main is inside its exit: a static's destructor joins a std::thread that forks there and then. The child exits with
// its own status, its output written, at once. In a plain program it hangs on glibc 2.41 and newer.
#ifdef LINKED_WITH_CURFEW
#include <curfew/thread.hpp>
#endif

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace std::chrono_literals;

static std::atomic<bool> destroying{false};

static void fork_then() {
  while (!destroying) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(20ms);
  const pid_t child = fork();
  if (child == 0) {
    std::puts("child's line");
#ifdef CHILD_RETURNS
    return;
#else
    std::exit(3);
#endif
  }
  int status = -1;
  for (int i = 0; i < 200 && waitpid(child, &status, WNOHANG) != child; ++i) std::this_thread::sleep_for(5ms);
  if (status == -1) {
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  }
  std::printf("child ended: %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

struct joins {
  std::thread thread;
  ~joins() {
    if (!thread.joinable()) return;
    destroying = true;
    thread.join();
  }
};
static joins it;

int main() {
  std::setvbuf(stdout, nullptr, _IOFBF, 4096);
#ifdef LINKED_WITH_CURFEW
  curfew::thread([] {}).join();
#endif
  it.thread = std::thread(fork_then);
  return 7;
}
