// SPDX-License-Identifier: Apache-2.0
// Threads that the C library makes by itself, and that use a static: a timer's or a message queue's notification, that
// of asynchronous input or of a look-up; many of them come to life while the exit begins. Right: none of them runs
// beside the destructors: "destroyed", status 7. (Plain, they use what is destroyed: status 99.)
#include <aio.h>
#include <fcntl.h>
#include <mqueue.h>
#include <netdb.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>

using namespace std::chrono_literals;

static std::atomic<bool> destroyed{false};
static std::atomic<long> uses{0};

static void use() {
  ++uses;
  if (destroyed) _exit(99);
}

struct victim {
  ~victim() {
    destroyed = true;
    const auto end = std::chrono::steady_clock::now() + 60ms;
    while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
    std::puts("destroyed");
  }
};
static victim object;

static void use_for_a_while(sigval) {
  for (int i = 0; i < 5; ++i) {
    use();
    usleep(1000);
  }
}

static sigevent by_thread() {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = use_for_a_while;
  return event;
}

static void start_timer() {
  sigevent event = by_thread();
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) _exit(98);
  const itimerspec often{{0, 500000}, {0, 500000}};
  timer_settime(timer, 0, &often, nullptr);
}

/// The notification begins the next one.
static int ends[2];
static char byte;
static aiocb request;
static void read_again(sigval value) {
  use_for_a_while(value);
  if (write(ends[1], "x", 1) != 1 || aio_read(&request) != 0) _exit(98);
}
static void start_aio() {
  if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1) _exit(98);
  request.aio_fildes = ends[0];
  request.aio_buf = &byte;
  request.aio_nbytes = 1;
  request.aio_sigevent = by_thread();
  request.aio_sigevent.sigev_notify_function = read_again;
  if (aio_read(&request) != 0) _exit(98);
}

static gaicb look_up;
static void look_up_again(sigval value) {
  use_for_a_while(value);
  gaicb* list[] = {&look_up};
  sigevent event = by_thread();
  event.sigev_notify_function = look_up_again;
  look_up.ar_name = "127.0.0.1";
  if (getaddrinfo_a(GAI_NOWAIT, list, 1, &event) != 0) _exit(98);
}

static mqd_t queue;
static void notified(sigval value) {
  char text[16];
  sigevent event = by_thread();
  event.sigev_notify_function = notified;
  mq_notify(queue, &event);
  while (mq_receive(queue, text, sizeof text, nullptr) >= 0) continue;
  use_for_a_while(value);
  mq_send(queue, "x", 1, 0);
}
static bool start_queue() {
  const std::string name = "/curfew-fault-" + std::to_string(getpid());
  mq_attr attributes{};
  attributes.mq_maxmsg = 4;
  attributes.mq_msgsize = 16;
  queue = mq_open(name.c_str(), O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes);
  mq_unlink(name.c_str());
  if (queue < 0) return false;
  sigevent event = by_thread();
  event.sigev_notify_function = notified;
  return mq_notify(queue, &event) == 0 && mq_send(queue, "x", 1, 0) == 0;
}

int main(int, char** argv) {
  const std::string kind = argv[1];
  if (kind == "timer") start_timer();
  if (kind == "aio") start_aio();
  if (kind == "look_up") look_up_again({});
  if (kind == "queue" && !start_queue()) {  // not everywhere are there message queues
    std::puts("destroyed");
    std::fflush(stdout);
    _exit(7);
  }
  while (uses < 20) usleep(1000);
  return 7;
}
