// SPDX-License-Identifier: Apache-2.0
//! nothing
// A program that lives on faults of its own, also while it exits, and that blocks every signal in a thread.
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <thread>

static char* page;
static volatile int faults = 0;
static std::string text(100, 't');

static void mend(int, siginfo_t*, void*) {
  faults = faults + 1;
  ::mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

struct user {
  ~user() {
    ::mprotect(page, 4096, PROT_NONE);
    page[0] = 1;
    if (faults != 2) ::_exit(9);
  }
};
static user first;

int main() {
  page = static_cast<char*>(::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  struct sigaction own {};
  own.sa_sigaction = mend;
  own.sa_flags = SA_SIGINFO;
  ::sigaction(SIGSEGV, &own, nullptr);
  page[0] = 1;
  std::thread([] {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
    text[3] = 'x';
  }).join();
}
