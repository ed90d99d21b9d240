// SPDX-License-Identifier: Apache-2.0
// A daemon is frozen anywhere in the calls of a pool, with a worker that the pool counts and that never begins, say, or
// one that it has joined and not counted yet: the destructor of the pool waits for nothing of that.
//! seconds: 0..60
//! out: each place was tried
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <support/child.hpp>
#include <support/program.hpp>

#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

constexpr int ended_well = 40;
constexpr int no_such_place = 41;

static std::atomic<bool> is_child{false};
static std::atomic<bool> blocked{false};
static std::atomic<bool> done{false};

/// The calling thread does not come back from that many allocations and deallocations on; 0: from each.
static thread_local int places_left = 0;

static void pass_a_place() {
  if (places_left == 0 || --places_left != 0) return;
  blocked = true;
  for (;;) ::pause();
}

// Not inlined: where only one of a pair is, g++ 12 takes them for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  pass_a_place();
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  pass_a_place();
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { ::operator delete(memory); }

struct looks {
  ~looks() {
    if (is_child) ::_exit(ended_well);
  }
};
static looks last;
static curfew::thread_pool pool({.name = "a name that does not fit into a string itself", .workers = 2});

struct operation {
  const char* name;
  void (*prepare)();
  void (*call)();
};
static const operation operations[] = {
    {"post(abandon)", [] {}, [] { pool.post(curfew::at_exit::abandon, [] { ::pause(); }); }},
    {"post(skip)", [] {}, [] { pool.post(curfew::at_exit::skip, [] {}); }},
    {"submit(abandon)", [] {}, [] { (void)pool.submit(curfew::at_exit::abandon, [] { return 1; }); }},
    {"map", [] {}, [] { pool.map(std::vector<int>(1000, 1), [](int i) { return i + 1; }); }},
    {"shutdown", [] { pool.submit([] {}).get(); }, [] { pool.shutdown(); }},
};

[[noreturn]] static void child(const operation& o, int place) {
  is_child = true;
  o.prepare();
  curfew::thread({.daemon = true}, [&o, place] {
    places_left = place;
    o.call();
    places_left = 0;
    done = true;
    for (;;) ::pause();
  });
  if (!curfew_test::eventually([] { return blocked || done; })) ::_exit(1);
  if (!blocked) ::_exit(no_such_place);
  std::exit(0);
}

int main() {
  int places = 0;
  for (const operation& o : operations) {
    for (int place = 1;; ++place, ++places) {
      const pid_t pid = ::fork();
      if (pid == 0) child(o, place);
      const int status = curfew_test::status_of_child(pid);
      if (status == ended_well) continue;
      if (status != no_such_place) std::fprintf(stderr, "%s, place %d: status %d\n", o.name, place, status);
      break;
    }
  }
  CHECK(places >= 10);
  std::puts("each place was tried");
}
