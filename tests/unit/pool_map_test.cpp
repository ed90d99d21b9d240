// SPDX-License-Identifier: Apache-2.0
// thread_pool's map and invoke: work that divides itself.
#include <curfew/pool.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <atomic>
#include <numeric>
#include <ranges>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

using curfew::at_exit;
using curfew::thread_pool;
using curfew_test::eventually;

namespace {

long fib(thread_pool& pool, int n) {
  if (n < 2) return n;
  long a = 0, b = 0;
  pool.invoke([&] { a = fib(pool, n - 1); }, [&] { b = fib(pool, n - 2); });
  return a + b;
}

}  // namespace

TEST(PoolMap, results_are_in_the_order_of_the_items) {
  thread_pool pool({.workers = 3});
  for (const std::size_t size : {0U, 1U, 2U, 17U, 10000U}) {
    const auto results =
        pool.map(std::views::iota(std::size_t{0}, size), [](std::size_t i) { return std::to_string(i); });
    ASSERT_EQ(results.size(), size);
    for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(results[i], std::to_string(i));
  }
  const std::vector<bool> odd = pool.map(std::vector{1, 2, 3, 4}, [](int i) { return i % 2 == 1; });
  EXPECT_EQ(odd, (std::vector{true, false, true, false}));
}

TEST(PoolMap, each_item_once) {
  thread_pool pool({.workers = 3});
  std::vector<std::atomic<int>> items(20000);
  pool.map(items, [](std::atomic<int>& i) { ++i; });
  for (const auto& i : items) ASSERT_EQ(i, 1);
}

TEST(PoolMap, the_first_exception_is_rethrown_and_no_item_is_in_use_then) {
  thread_pool pool({.workers = 3});
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> inside{0};
    try {
      pool.map(std::views::iota(0, 300), [&](int i) {
        ++inside;
        if (i % 100 == 50) {
          --inside;
          throw std::runtime_error(std::to_string(i));
        }
        --inside;
      });
      FAIL();
    } catch (const std::runtime_error& e) {
      EXPECT_STREQ(e.what(), "50");
    }
    EXPECT_EQ(inside, 0);
  }
}

TEST(PoolMap, in_a_task_and_in_parallel_to_others) {
  thread_pool pool({.workers = 2});
  std::vector<std::future<long>> sums;
  for (int i = 0; i < 8; ++i)
    sums.push_back(pool.submit([&] {
      const auto v = pool.map(std::views::iota(0L, 1000L), [](long n) { return n; });
      return std::accumulate(v.begin(), v.end(), 0L);
    }));
  for (auto& s : sums) EXPECT_EQ(s.get(), 499500);
}

TEST(PoolMap, many_threads_from_outside_and_pools_inside_pools) {
  thread_pool pool({.workers = 2}), other({.workers = 2});
  curfew::thread_scope threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 12; ++i)  // more than there are places for
    threads.start([&] {
      const auto v = pool.map(std::views::iota(0, 100), [&](int n) {
        const auto inner = other.map(std::views::iota(0, 3), [&](int k) { return k + n; });
        return inner[0] + inner[1] + inner[2];
      });
      bool all = true;
      for (int n = 0; n < 100; ++n) all = all && v[n] == 3 * n + 3;
      right += all;
    });
  threads.join();
  EXPECT_EQ(right, 12);
}

TEST(PoolMap, workers_take_part) {
  thread_pool pool({.workers = 2});
  std::atomic<int> there{0};
  pool.map(std::views::iota(0, 3), [&](int) {
    ++there;
    EXPECT_TRUE(eventually([&] { return there == 3; }));  // each item on a thread of its own
  });
  pool.invoke(
      [&] {
        ++there;
        EXPECT_TRUE(eventually([&] { return there == 5; }));
      },
      [&] {
        ++there;
        EXPECT_TRUE(eventually([&] { return there == 5; }));
      });
}

TEST(PoolInvoke, forks_and_joins) {
  thread_pool pool({.workers = 3});
  EXPECT_EQ(fib(pool, 18), 2584);
  EXPECT_EQ(pool.submit([&] { return fib(pool, 18); }).get(), 2584);
}

// Few workers search at once; one that is sent to sleep again for that must have looked for halves.
TEST(PoolInvoke, a_half_is_taken_while_there_are_workers_for_it) {
  for (int round = 0; round < 20; ++round) {
    thread_pool pool({.workers = 16});
    std::atomic<bool> lost{false};
    curfew::thread_scope threads;
    for (int i = 0; i < 5; ++i)
      threads.start([&] {
        curfew_test::gate taken;
        pool.invoke(
            [&] {
              if (!eventually([&] { return taken.is_open() || lost; }, std::chrono::seconds(5))) lost = true;
            },
            [&] { taken.open(); });
      });
    threads.join();
    ASSERT_FALSE(lost) << "in round " << round;
  }
}

// Who waits may hold a lock that the others' items want.
TEST(PoolInvoke, a_thread_from_outside_does_no_halves_of_others_while_it_waits) {
  thread_pool pool({.workers = 1});
  curfew_test::gate taken, offered, go_on;
  const auto me = std::this_thread::get_id();
  std::thread::id done_on;
  curfew::thread other([&] {
    taken.wait();
    pool.invoke(
        [&] {
          offered.open();
          static_cast<void>(eventually([&] { return done_on == me; }, std::chrono::milliseconds(200)));
          go_on.open();
        },
        [&] { done_on = std::this_thread::get_id(); });
  });
  pool.invoke([&] { offered.wait(); },
              [&] {
                taken.open();
                go_on.wait();
              });
  other.join();
  EXPECT_NE(done_on, me);
}

TEST(PoolInvoke, a_thread_from_outside_helps_with_what_has_come_of_its_own_call) {
  thread_pool pool({.workers = 1});
  curfew_test::gate offered, helped;
  const auto me = std::this_thread::get_id();
  pool.invoke([&] { offered.wait(); },
              [&] {
                pool.invoke(
                    [&] {
                      offered.open();
                      helped.wait();
                    },
                    [&] {
                      EXPECT_EQ(std::this_thread::get_id(), me);
                      helped.open();
                    });
              });
}

// The pool's workers may be waiting for it.
TEST(PoolInvoke, a_thread_from_outside_is_as_a_task_of_the_pool_meanwhile) {
  thread_pool pool({.workers = 1, .queue_limit = 1}), other({.workers = 1});
  std::atomic<int> ran{0};
  for (const bool nested : {false, true}) {
    curfew_test::gate taken, asked;
    pool.invoke(
        [&] {
          taken.wait();
          const auto ask = [&] {
            for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.try_post([&] { ++ran; })) << "not held to the queue's limit";
            try {
              pool.wait_idle_for(std::chrono::milliseconds(1));
              ADD_FAILURE() << "it would have waited for itself";
            } catch (const std::system_error& e) {
              EXPECT_EQ(e.code(), std::errc::resource_deadlock_would_occur);
            }
          };
          if (nested)
            other.invoke(ask, [] {});
          else
            ask();
          asked.open();
        },
        [&] {
          taken.open();
          asked.wait();
        });
  }
  EXPECT_TRUE(pool.wait_idle());
  EXPECT_EQ(ran, 6);
}

// A worker that has left has given its place to another.
TEST(PoolInvoke, in_a_thread_local_destructor_of_a_worker) {
  struct situation {
    thread_pool pool{{.workers = 2, .keep = 0, .idle = std::chrono::milliseconds(0)}};
    curfew_test::gate left, other_works, done;
    std::atomic<int> right{0};
  } here;
  static situation* s;
  s = &here;
  struct user {
    bool used = false;
    ~user() {
      s->left.open();
      s->other_works.wait();
      for (int i = 0; i < 300; ++i) s->right += fib(s->pool, 12) == 144;
      s->done.open();
    }
  };
  here.pool.post([] {
    static thread_local user u;
    u.used = true;
  });
  here.left.wait();
  here.pool
      .submit([] {
        s->other_works.open();
        while (!s->done.is_open()) EXPECT_EQ(fib(s->pool, 12), 144);
      })
      .get();
  EXPECT_EQ(here.right, 300);
}

TEST(PoolInvoke, deeper_than_there_is_room) {
  thread_pool pool({.workers = 2});
  std::atomic<int> sum{0};
  std::function<void(int)> chain = [&](int n) {
    if (n == 0) return;
    pool.invoke([&] { chain(n - 1); }, [&] { ++sum; });
  };
  chain(1000);
  EXPECT_EQ(sum, 1000);
}

TEST(PoolInvoke, exceptions) {
  thread_pool pool({.workers = 2});
  const auto thrown = [&](bool left, bool right) -> std::string {
    try {
      pool.invoke(
          [&] {
            if (left) throw std::runtime_error("left");
          },
          [&] {
            if (right) throw std::runtime_error("right");
          });
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "nothing";
  };
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(thrown(false, false), "nothing");
    EXPECT_EQ(thrown(true, false), "left");
    EXPECT_EQ(thrown(false, true), "right");
    EXPECT_EQ(thrown(true, true), "left");
  }
}

// A half of a daemon's work makes its worker a daemon; one that others wait for does not stay behind it.
TEST(PoolInvoke, halves_are_of_the_kind_of_their_task) {
  thread_pool pool({.workers = 2});
  std::atomic<int> there{0};
  std::atomic<int> daemons{0};
  pool.submit(at_exit::abandon,
              [&] {
                const auto half = [&] {
                  ++there;
                  EXPECT_TRUE(eventually([&] { return there == 2; }));
                  daemons += curfew::this_thread::is_daemon();
                };
                pool.invoke(half, half);
              })
      .get();
  EXPECT_EQ(daemons, 2);
  EXPECT_TRUE(eventually([] { return curfew::counts().daemon == 0; }));
}

TEST(PoolInvoke, a_half_that_ends_its_thread_is_a_broken_promise) {
#if defined(_LIBCPP_VERSION)
  GTEST_SKIP() << "pthread_exit and libunwind do not go together on Debian 12";
#endif
  if (curfew_test::address_sanitizer) GTEST_SKIP() << "UBSan takes g++'s catch of a forced unwind for a null reference";
  thread_pool pool({.workers = 2});
  for (int round = 0; round < 20; ++round) {
    curfew_test::gate taken;
    EXPECT_THROW(pool.invoke([&] { taken.wait(); },
                             [&] {
                               taken.open();
                               ::pthread_exit(nullptr);
                             }),
                 std::future_error);
  }
  EXPECT_EQ(fib(pool, 12), 144);
  EXPECT_TRUE(eventually([&] { return pool.counts().running == 0; }));
}

// The thread that has taken the half does not exist in the child.
TEST(PoolInvoke, in_the_child_of_a_fork_the_other_half_is_called_here) {
  if (curfew_test::thread_sanitizer) GTEST_SKIP() << "ThreadSanitizer has no threads after a fork";
  if (curfew_test::address_sanitizer)
    GTEST_SKIP() << "AddressSanitizer's allocator may be locked for ever after a fork";
  thread_pool pool({.workers = 2}), other({.workers = 2});
  for (const bool nested : {false, true}) {
    curfew_test::gate taken, go;
    std::atomic<int> calls{0};
    std::atomic<pid_t> child{-1};
    const auto fork_here = [&] {
      taken.wait();
      child = ::fork();
      if (child != 0) go.open();
    };
    pool.invoke(
        [&] {
          if (nested)
            other.invoke(fork_here, [] {});
          else
            fork_here();
        },
        [&] {
          ++calls;
          taken.open();
          if (child != 0) go.wait();
        });
    if (child == 0) ::_exit(calls == 2 && fib(pool, 10) == 55 ? 0 : 1);
    int status = -1;
    ASSERT_TRUE(eventually([&] { return ::waitpid(child, &status, WNOHANG) == child; }));
    EXPECT_EQ(status, 0);
  }
}
