// SPDX-License-Identifier: Apache-2.0
// A detached thread does not outlive main's statics: however it was detached, however the exit begins.
//! under: run
//! status: 3
//! out: destroyed
//! case: detached at once
//! args: detach return
//! case: made detached
//! args: attribute return
//! case: detached by itself
//! args: itself return
//! case: detached by C11
//! args: c11 return
//! case: exit in main
//! args: detach exit
//! case: exit in a function of a detached thread
//! args: detach exit_in_detached
//! case: exit in a thread that main joins
//! args: detach exit_in_joined
#include "witness.hpp"

#include <pthread.h>
#include <threads.h>

#include <cstdlib>
#include <cstring>

static witness::victim victim;

static void* use(void*) { witness::use_for_ever(); }

static void start(const char* how) {
  if (std::strcmp(how, "detach") == 0) {
    std::thread([] {
      pthread_setname_np(pthread_self(), "a\"\\\n\xff");  // what it is called is for the records' test
      witness::use_for_ever();
    }).detach();
  } else if (std::strcmp(how, "attribute") == 0) {
    pthread_attr_t detached;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    pthread_create(&thread, &detached, &use, nullptr);
    pthread_attr_destroy(&detached);
  } else if (std::strcmp(how, "itself") == 0) {
    pthread_t thread;
    pthread_create(
        &thread, nullptr,
        [](void*) -> void* {
          pthread_detach(pthread_self());
          witness::use_for_ever();
        },
        nullptr);
  } else if (std::strcmp(how, "c11") == 0) {
    thrd_t thread;
    thrd_create(
        &thread, [](void*) -> int { witness::use_for_ever(); }, nullptr);
    thrd_detach(thread);
  }
}

int main(int, char** argv) {
  start(argv[1]);
  witness::wait_for_use();
  if (std::strcmp(argv[2], "exit") == 0) std::exit(3);
  if (std::strcmp(argv[2], "exit_in_detached") == 0) {
    std::thread([] { std::exit(3); }).detach();
    witness::use_for_ever();
  }
  if (std::strcmp(argv[2], "exit_in_joined") == 0) std::thread([] { std::exit(3); }).join();
  return 3;
}
