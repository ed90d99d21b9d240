// SPDX-License-Identifier: Apache-2.0
// Sound: an exit handler stops a detached thread and waits until it has written its last line, in many ways. Right: the
// line is there, status 7, as plain.
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <future>
#include <latch>
#include <mutex>
#include <string>
#include <thread>

using namespace std::chrono_literals;

static std::string kind;
static std::atomic<bool> stop{false}, done{false};

static std::mutex mutex;
static std::condition_variable changed;
static sem_t semaphore;
static int ends[2];
static int counter;
static std::promise<void> promise;
static std::latch latch{1};
static std::barrier<> barrier{2};
static std::thread between;
static std::thread ticking;

static void print(const char* text) {
  if (write(STDOUT_FILENO, text, std::strlen(text)) < 0) _exit(98);
}

static void work() {
  if (kind == "notified") {
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return stop.load(); });
  }
  while (!stop) std::this_thread::sleep_for(1ms);
  std::this_thread::sleep_for(20ms);
  print("last line\n");
  const std::uint64_t one = 1;
  if (write(kind == "eventfd" ? counter : ends[1], &one, sizeof one) < 0) _exit(98);
  {
    const std::lock_guard lock(mutex);
    done = true;
  }
  changed.notify_all();
  done.notify_all();
  sem_post(&semaphore);
  promise.set_value();
  latch.count_down();
  if (kind == "barrier") barrier.arrive_and_wait();
  if (kind == "signal") kill(getpid(), SIGUSR1);
}

static void finish() {
  {
    const std::lock_guard lock(mutex);
    stop = true;
  }
  changed.notify_all();
  std::uint64_t word = 0;
  bool good = true;
  if (kind == "semaphore") {
    while (sem_wait(&semaphore) != 0) continue;
  } else if (kind == "pipe" || kind == "socket") {
    good = read(ends[0], &word, sizeof word) > 0;
  } else if (kind == "eventfd") {
    good = read(counter, &word, sizeof word) > 0;
  } else if (kind == "poll") {
    pollfd wanted{ends[0], POLLIN, 0};
    good = poll(&wanted, 1, 3000) == 1;
  } else if (kind == "future") {
    promise.get_future().wait();
  } else if (kind == "timed_future") {
    good = promise.get_future().wait_for(3s) == std::future_status::ready;
  } else if (kind == "latch") {
    latch.wait();
  } else if (kind == "barrier") {
    barrier.arrive_and_wait();
  } else if (kind == "atomic") {
    done.wait(false);
  } else if (kind == "timed_wait" || kind == "beside_ticking" || kind == "beside_server") {
    std::unique_lock lock(mutex);
    good = changed.wait_for(lock, 3s, [] { return done.load(); });
  } else if (kind == "notified") {  // while it is frozen
    for (int i = 0; i < 300 && !done; ++i) std::this_thread::sleep_for(10ms);
    good = done;
  } else if (kind == "rare_poll") {
    for (int i = 0; i < 10 && !done; ++i) std::this_thread::sleep_for(200ms);
    good = done;
  } else if (kind == "long_join") {
    between.join();
  } else if (kind == "signal") {
    sigset_t set;
    int number = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigwait(&set, &number);
  }
  print(good ? "over\n" : "it did not stop\n");
  if (ticking.joinable()) ticking.detach();
}

int main(int, char** argv) {
  kind = argv[1];
  sem_init(&semaphore, 0, 0);
  if (kind == "socket" ? socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 : pipe(ends) != 0) return 1;
  counter = eventfd(0, 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::atexit(finish);
  std::thread(work).detach();
  if (kind == "long_join") {
    // The thread that is joined waits itself for the detached one.
    between = std::thread([] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [] { return done.load(); });
    });
  }
  if (kind == "beside_ticking")
    ticking = std::thread([] {
      for (;;) std::this_thread::sleep_for(2ms);
    });
  if (kind == "beside_server")
    ticking = std::thread([] {
      static int nothing[2];
      char byte;
      if (pipe(nothing) == 0 && read(nothing[0], &byte, 1) < 0) _exit(98);
    });
  std::this_thread::sleep_for(20ms);
  return 7;
}
