// SPDX-License-Identifier: Apache-2.0
// A pool that has not been destroyed; all of it is in the program itself.
//! library: Boost.Asio, thread_pool
//! packages: libboost-dev
//! flags: -pthread
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <thread>

int main() {
  auto* const pool = new boost::asio::thread_pool(2);
  boost::asio::post(*pool, [] {});
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}
