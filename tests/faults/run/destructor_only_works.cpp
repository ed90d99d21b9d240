// SPDX-License-Identifier: Apache-2.0
// A destructor takes its time, with work, input and output of its own, and waits for no frozen thread. Right: a
// detached thread that uses the static stays frozen: "destroyed", status 7. (Plain, it uses what is destroyed:
// status 99.)
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

using namespace std::chrono_literals;

static std::string kind;
static std::atomic<bool> destroyed{false};
static std::atomic<long> uses{0};

static void compute(std::chrono::milliseconds how_long) {
  const auto end = std::chrono::steady_clock::now() + how_long;
  for (volatile unsigned i = 0; std::chrono::steady_clock::now() < end;) i = i + 1;
}

static void write_slowly() {
  char name[] = "/tmp/curfew-fault-XXXXXX";
  const int file = mkstemp(name);
  if (file < 0) _exit(97);
  unlink(name);
  for (int i = 0; i < 60; ++i) {
    if (write(file, name, sizeof name) < 0 || fsync(file) != 0) _exit(97);
    std::this_thread::sleep_for(5ms);
  }
}

static void ask_child() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) _exit(97);
  const pid_t child = fork();
  if (child == 0) {
    usleep(300000);
    if (write(ends[1], "x", 1) < 0) _exit(97);
    _exit(0);
  }
  close(ends[1]);
  char byte;
  if (read(ends[0], &byte, 1) != 1) _exit(97);
  waitpid(child, nullptr, 0);
}

struct victim {
  ~victim() {
    destroyed = true;
    if (kind == "sleep") std::this_thread::sleep_for(400ms);
    if (kind == "compute") compute(400ms);
    if (kind == "file") write_slowly();
    if (kind == "child" && std::system("sleep 0.3") != 0) _exit(97);
    if (kind == "answer") ask_child();
    if (kind == "steps")
      for (int i = 0; i < 100; ++i) {
        compute(2ms);
        std::this_thread::sleep_for(2ms);
      }
    if (kind == "join") std::thread([] { compute(400ms); }).join();
    std::puts("destroyed");
  }
};
static victim object;

int main(int, char** argv) {
  kind = argv[1];
  std::thread([] {
    for (;;) {
      ++uses;
      if (destroyed) _exit(99);
      std::this_thread::sleep_for(1ms);
    }
  }).detach();
  while (uses < 10) std::this_thread::sleep_for(1ms);
  return 7;
}
