// SPDX-License-Identifier: Apache-2.0
#include <curfew/exit.hpp>
#include <curfew/service.hpp>
#include <curfew/thread.hpp>

#include <gtest/gtest.h>

#include <support/child.hpp>
#include <support/wait.hpp>

#include <atomic>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using namespace std::chrono_literals;

TEST(Readiness, is_what_was_set) {
  curfew::readiness readiness;
  EXPECT_FALSE(readiness.ready());
  readiness.set(true);
  EXPECT_TRUE(readiness);
  readiness.set(false);
  EXPECT_FALSE(readiness);
}

template <class Body>
int in_a_child(Body body) {
  curfew_test::wait_for_starting_threads();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  return curfew_test::status_of_child(child);
}

TEST(Readiness, is_over_for_good_once_the_exit_was_requested) {
  EXPECT_EQ(in_a_child([] {
              curfew::readiness readiness;
              readiness.set(true);
              if (!readiness) return 1;
              curfew::request_exit();
              if (readiness) return 2;
              readiness.set(true);
              return readiness ? 3 : 7;
            }),
            7);
}

TEST(Readiness, is_over_for_good_once_the_exit_has_begun) {
  EXPECT_EQ(in_a_child([] {
              static curfew::readiness readiness;
              static bool in_hook = true;
              readiness.set(true);
              curfew::before_wait("looks", [] { in_hook = readiness.ready(); });
              curfew::finish();
              readiness.set(true);
              return in_hook || readiness ? 1 : 7;
            }),
            7);
}

TEST(RequestCounter, counts_what_is_in_flight) {
  curfew::request_counter requests;
  EXPECT_TRUE(requests.wait_until_none(0ms));
  {
    const curfew::request_in_flight one(requests), two(requests);
    EXPECT_EQ(requests.in_flight(), 2U);
    EXPECT_FALSE(requests.wait_until_none(0ms));
    EXPECT_FALSE(requests.wait_until_none(10ms));
    EXPECT_EQ(requests.in_flight(), 2U);
  }
  EXPECT_EQ(requests.in_flight(), 0U);
}

TEST(RequestCounter, several_threads_wait_for_the_last_request) {
  for (int round = 0; round < 50; ++round) {
    curfew::request_counter requests;
    std::optional<curfew::request_in_flight> last(requests);
    std::atomic<int> seen{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] { seen += requests.wait_until_none(curfew_test::patient(20s)) ? 1 : 0; });
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n < 200; ++n) const curfew::request_in_flight one(requests);
      });
    last.reset();
    for (auto& t : threads) t.join();
    EXPECT_EQ(seen, 3);
    EXPECT_EQ(requests.in_flight(), 0U);
  }
}

TEST(DrainListener, goes_down_in_order) {
  curfew::readiness readiness;
  readiness.set(true);
  curfew::request_counter requests;
  std::optional<curfew::request_in_flight> request(requests);
  const auto began = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration delay{};
  bool was_ready = true;
  std::size_t in_flight = 0;
  curfew_test::gate stopped;
  curfew::thread worker([&] {
    stopped.wait();
    std::this_thread::sleep_for(20ms);
    request.reset();
  });
  const std::size_t left = curfew::drain_listener({.ready = &readiness,
                                                   .pre_stop_delay = 50ms,
                                                   .stop_accepting =
                                                       [&] {
                                                         delay = std::chrono::steady_clock::now() - began;
                                                         was_ready = readiness.ready();
                                                         in_flight = requests.in_flight();
                                                         stopped.open();
                                                       },
                                                   .requests = &requests,
                                                   .limit = curfew_test::patient(20s)});
  EXPECT_EQ(left, 0U);
  EXPECT_GE(delay, 50ms);
  EXPECT_FALSE(was_ready);
  EXPECT_EQ(in_flight, 1U);
  worker.join();
}

TEST(DrainListener, says_how_many_requests_are_left_at_the_limit) {
  curfew::request_counter requests;
  const curfew::request_in_flight one(requests), two(requests);
  EXPECT_EQ(curfew::drain_listener({.requests = &requests, .limit = 5ms}), 2U);
}

TEST(DrainListener, drains_before_it_passes_an_exception_on) {
  curfew::request_counter requests;
  std::optional<curfew::request_in_flight> request(requests);
  curfew_test::gate stopped;
  curfew::thread worker([&] {
    stopped.wait();
    std::this_thread::sleep_for(20ms);
    request.reset();
  });
  EXPECT_THROW(curfew::drain_listener({.stop_accepting =
                                           [&] {
                                             stopped.open();
                                             throw std::runtime_error("cannot stop");
                                           },
                                       .requests = &requests,
                                       .limit = -1ms}),
               std::runtime_error);
  EXPECT_EQ(requests.in_flight(), 0U);
  worker.join();
}

TEST(DrainListener, refuses_a_negative_delay) {
  EXPECT_THROW(curfew::drain_listener({.pre_stop_delay = -1ms}), std::system_error);
}

TEST(DrainListener, waits_although_main_was_asked_to_stop) {
  EXPECT_EQ(in_a_child([] {
              static curfew::request_counter requests;
              curfew::request_exit();
              curfew::wait_for_exit();
              curfew::thread worker([] {
                const curfew::request_in_flight here(requests);
                std::this_thread::sleep_for(100ms);
              });
              if (!curfew_test::eventually([] { return requests.in_flight() == 1; })) return 1;
              const auto began = std::chrono::steady_clock::now();
              if (curfew::drain_listener({.pre_stop_delay = 30ms, .requests = &requests}) != 0) return 2;
              return std::chrono::steady_clock::now() - began >= 30ms ? 7 : 3;
            }),
            7);
}

}  // namespace
