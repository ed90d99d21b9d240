// SPDX-License-Identifier: Apache-2.0
// stop_latency ROUNDS: from request_stop() until the thread that waited runs again, for each wait of <curfew/sync.hpp>
// and for std::condition_variable_any with a token. The barrier's ends with an exception, so it stands beside one that
// throws too. In each round every wait has its turn, in another order. Prints a line for each: NAME NANOSECONDS… ; and
// one "NAME/request …": how long request_stop() itself took.
#include <curfew/sync.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using steady = std::chrono::steady_clock;
using stop = const std::stop_token&;

std::mutex mutex;
std::condition_variable_any standard;
curfew::condition condition;
curfew::event event;
curfew::bounded_semaphore semaphore(0);
curfew::barrier barrier(2);
curfew::blocking_queue<int> empty_queue;
curfew::blocking_queue<int> full_queue(1);
curfew::timer timer({.daemon = true}, std::chrono::hours(1), [] {});
int ends[2];

struct kind {
  const char* name;
  void (*wait)(stop);
  std::vector<long long> latencies{};
  std::vector<long long> requests{};
};

std::vector<kind> kinds{
    {"std::condition_variable_any",
     [](stop s) {
       std::unique_lock lock(mutex);
       standard.wait(lock, s, [] { return false; });
     }},
    {"std::condition_variable_any+throw",
     [](stop s) {
       try {
         std::unique_lock lock(mutex);
         if (!standard.wait(lock, s, [] { return false; }))
           throw curfew::broken_barrier(curfew::broken_barrier::reason::stopped);
       } catch (const curfew::broken_barrier&) {
       }
     }},
    {"condition",
     [](stop s) {
       std::unique_lock lock(mutex);
       static_cast<void>(condition.wait(lock, s, [] { return false; }));
     }},
    {"event", [](stop s) { event.wait(s); }},
    {"bounded_semaphore", [](stop s) { static_cast<void>(semaphore.acquire(s)); }},
    {"barrier",
     [](stop s) {
       try {
         barrier.wait(s);
       } catch (const curfew::broken_barrier&) {
       }
     }},
    {"blocking_queue::pop", [](stop s) { static_cast<void>(empty_queue.pop(s)); }},
    {"blocking_queue::push", [](stop s) { full_queue.push(2, s); }},
    {"blocking_queue::join", [](stop s) { full_queue.join(s); }},
    {"timer::join", [](stop s) { timer.join(s); }},
    {"wait_readable", [](stop s) { static_cast<void>(curfew::wait_readable(ends[0], s)); }},
    {"read_line", [](stop s) { static_cast<void>(curfew::read_line(ends[0], s)); }},
};

/// Is the thread asleep in the kernel?
bool asleep(pid_t id) {
  std::ifstream in("/proc/self/task/" + std::to_string(id) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto bracket = text.rfind(')');
  return bracket != std::string::npos && text.compare(bracket, 4, ") S ") == 0;
}

/// A thread that waits as it is told, again and again; the next turn comes by a spin, so that it sleeps nowhere else.
class waiter {
 public:
  ~waiter() { over_ = true; }

  void measure(kind& k) {
    barrier.reset();
    source_ = std::stop_source();
    kind_ = &k;
    woken_at_ = 0;
    turn_.fetch_add(1);
    while (waiting_ != turn_ || !asleep(id_)) std::this_thread::yield();
    const auto pause = steady::now() + std::chrono::microseconds(100);
    while (steady::now() < pause || !asleep(id_)) std::this_thread::yield();
    const auto asked = steady::now();
    source_.request_stop();
    const auto done = steady::now();
    long long woken;
    while ((woken = woken_at_) == 0) std::this_thread::yield();
    k.latencies.push_back(woken - asked.time_since_epoch().count());
    k.requests.push_back((done - asked).count());
  }

 private:
  void run() {
    id_ = ::gettid();
    for (unsigned done = 0;;) {
      while (turn_ == done)
        if (over_)
          return;
        else
          std::this_thread::yield();
      done = turn_;
      const auto token = source_.get_token();
      waiting_ = done;
      kind_->wait(token);
      woken_at_ = steady::now().time_since_epoch().count();
    }
  }

  std::stop_source source_;
  kind* kind_ = nullptr;
  std::atomic<unsigned> turn_{0};
  std::atomic<unsigned> waiting_{0};
  std::atomic<long long> woken_at_{0};
  std::atomic<pid_t> id_{0};
  std::atomic<bool> over_{false};
  std::jthread thread_{[this] { run(); }};
};

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 200;
  full_queue.push(1);
  if (::pipe(ends) != 0) return 1;
  {
    waiter w;
    std::vector<kind*> order;
    for (kind& k : kinds) order.push_back(&k);
    std::mt19937 random(1);
    for (int i = 0; i < rounds; ++i) {
      std::ranges::shuffle(order, random);
      for (kind* k : order) w.measure(*k);
    }
  }
  for (const kind& k : kinds) {
    std::printf("%s", k.name);
    for (const auto ns : k.latencies) std::printf(" %lld", ns);
    std::printf("\n%s/request", k.name);
    for (const auto ns : k.requests) std::printf(" %lld", ns);
    std::printf("\n");
  }
}
