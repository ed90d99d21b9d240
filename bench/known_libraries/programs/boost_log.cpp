// SPDX-License-Identifier: Apache-2.0
// A sink that has not been stopped; its thread is started in the program itself.
//! library: Boost.Log, asynchronous_sink
//! packages: libboost-log-dev
//! flags: -DBOOST_ALL_DYN_LINK -lboost_log -lboost_thread -pthread
#include <boost/log/core.hpp>
#include <boost/log/sinks/async_frontend.hpp>
#include <boost/log/sinks/text_ostream_backend.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <chrono>
#include <thread>

int main() {
  using sink = boost::log::sinks::asynchronous_sink<boost::log::sinks::text_ostream_backend>;
  boost::log::core::get()->add_sink(boost::make_shared<sink>());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}
