// SPDX-License-Identifier: Apache-2.0
// One thread for each way to wait, named for it. Knows nothing of curfew. Prints "ready" once all of them wait.
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

std::mutex held_mutex;
std::shared_mutex held_rwlock;
std::mutex condition_mutex;
std::condition_variable condition;
sem_t semaphore;
pthread_barrier_t barrier;
std::atomic<int> atomic{0};
std::promise<int> promise;
std::atomic<bool> locks_are_held{false};
std::atomic<unsigned long> spins{0};
FILE* stream;
int pipe_ends[2], listening, epoll_fd;

void sleep_for_ever() {
  for (;;) ::sleep(1000);
}

[[gnu::noinline]] int recurse(int depth) {
  volatile char space[200] = {};
  space[0] = static_cast<char>(depth);
  if (depth == 0) return ::sleep(1000) != 0 ? 1 : 0;
  return recurse(depth - 1) + space[0];
}

int slow_value() {
  sleep_for_ever();
  return 1;
}
int initialised_once() {
  static const int value = slow_value();
  return value;
}

struct named {
  const char* name;
  std::function<void()> work;
};

}  // namespace

int main() {
  ::sem_init(&semaphore, 0, 0);
  sigset_t user_signal;  // for the thread that waits for it
  ::sigemptyset(&user_signal);
  ::sigaddset(&user_signal, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &user_signal, nullptr);
  ::pthread_barrier_init(&barrier, nullptr, 2);
  stream = ::tmpfile();
  if (stream == nullptr || ::pipe(pipe_ends) != 0) return 2;
  listening = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  if (::bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listening, 1) != 0)
    return 2;
  epoll_fd = ::epoll_create1(0);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  ::epoll_ctl(epoll_fd, EPOLL_CTL_ADD, pipe_ends[0], &wanted);
  static std::thread sleeper;
  std::vector<named> all = {
      {"t_holder",
       [] {
         held_mutex.lock();
         held_rwlock.lock();
         ::flockfile(stream);
         locks_are_held = true;
         sleep_for_ever();
       }},
      {"t_mutex", [] { held_mutex.lock(); }},
      {"t_rwlock", [] { held_rwlock.lock_shared(); }},
      {"t_stream", [] { std::fputs("x", stream); }},
      {"t_condition",
       [] {
         std::unique_lock<std::mutex> lock(condition_mutex);
         condition.wait(lock, [] { return false; });
       }},
      {"t_semaphore", [] { ::sem_wait(&semaphore); }},
      {"t_barrier", [] { ::pthread_barrier_wait(&barrier); }},
      {"t_atomic", [] { atomic.wait(0); }},
      {"t_future", [] { promise.get_future().wait(); }},
      {"t_initialises", [] { initialised_once(); }},
      {"t_static", [] { initialised_once(); }},
      {"t_sleep", [] { std::this_thread::sleep_for(std::chrono::hours(1)); }},
      {"t_read",
       [] {
         char c;
         (void)!::read(pipe_ends[0], &c, 1);
       }},
      {"t_accept", [] { ::accept(listening, nullptr, nullptr); }},
      {"t_poll",
       [] {
         pollfd two[] = {{pipe_ends[0], POLLIN, 0}, {listening, POLLIN, 0}};
         ::poll(two, 2, -1);
       }},
      {"t_select",
       [] {
         fd_set set;
         FD_ZERO(&set);
         FD_SET(listening, &set);
         ::select(listening + 1, &set, nullptr, nullptr, nullptr);
       }},
      {"t_epoll",
       [] {
         epoll_event got{};
         // An end of this wait would be one that the dump has made.
         const int result = ::epoll_wait(epoll_fd, &got, 1, -1);
         std::printf("epoll_wait returned %d\n", result);
         std::fflush(stdout);
         sleep_for_ever();
       }},
      {"t_signal",
       [] {
         sigset_t set;
         ::sigemptyset(&set);
         ::sigaddset(&set, SIGUSR2);
         siginfo_t got;
         const int result = ::sigwaitinfo(&set, &got);
         std::printf("sigwaitinfo returned %d\n", result);
         std::fflush(stdout);
         sleep_for_ever();
       }},
      {"t_deep", [] { recurse(200); }},
      {"t_very_deep", [] { recurse(20000); }},
      {"t_busy",
       [] {
         for (;;) spins.fetch_add(1);
       }},
      {"t_joins", [] { sleeper.join(); }},
  };
  sleeper = std::thread([] {
    ::pthread_setname_np(::pthread_self(), "t_joined");
    sleep_for_ever();
  });
  std::vector<std::thread> threads;
  static std::atomic<int> begun{0};
  for (const auto& one : all) {
    threads.emplace_back([&one] {
      ::pthread_setname_np(::pthread_self(), one.name);
      if (std::string(one.name) != "t_holder")
        while (!locks_are_held) std::this_thread::yield();
      // The one that only waits for the other's initialisation comes second.
      if (std::string(one.name) == "t_static") std::this_thread::sleep_for(std::chrono::milliseconds(50));
      ++begun;
      one.work();
    });
  }
  while (begun.load() < static_cast<int>(all.size())) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  std::puts("ready");
  std::fflush(stdout);
  ::waitpid(::fork() == 0 ? (sleep_for_ever(), 0) : -1, nullptr, 0);
}
