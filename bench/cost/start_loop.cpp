// SPDX-License-Identifier: Apache-2.0
// start_loop KIND COUNT: starts and joins COUNT threads, one after the other. To be run under callgrind, which counts
// the instructions of the main thread, all of them or those inside start_one or join_one.
#include <curfew/thread.hpp>

#include <pthread.h>

#include <cstdlib>
#include <new>
#include <string>
#include <thread>

namespace {

void* nothing(void*) { return nullptr; }

// By value into storage that outlives the call, so that start_one and join_one have the thread's own cost and no other.
template <class Thread>
struct slot {
  alignas(Thread) unsigned char bytes[sizeof(Thread)];
  Thread& thread() { return *std::launder(reinterpret_cast<Thread*>(bytes)); }
};

}  // namespace

// Without inlining, and with names that callgrind's --toggle-collect can match.
template <class Thread>
[[gnu::noinline]] void start_one(void* where) {
  ::new (where) Thread([] {});
}
template <class Thread>
[[gnu::noinline]] void join_one(Thread& t) {
  t.join();
  t.~Thread();
}
template <>
[[gnu::noinline]] void start_one<pthread_t>(void* where) {
  ::pthread_create(static_cast<pthread_t*>(where), nullptr, nothing, nullptr);
}
template <>
[[gnu::noinline]] void join_one<pthread_t>(pthread_t& t) {
  ::pthread_join(t, nullptr);
}

namespace {

template <class Thread>
void run(int count) {
  slot<Thread> s;
  for (int i = 0; i < count; ++i) {
    start_one<Thread>(s.bytes);
    join_one<Thread>(s.thread());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 64;
  const std::string kind = argv[1];
  const int count = std::atoi(argv[2]);
  if (kind == "pthread_create")
    run<pthread_t>(count);
  else if (kind == "std::thread")
    run<std::thread>(count);
  else if (kind == "std::jthread")
    run<std::jthread>(count);
  else if (kind == "curfew::thread")
    run<curfew::thread>(count);
  else if (kind == "curfew::jthread")
    run<curfew::jthread>(count);
  else
    return 64;
}
