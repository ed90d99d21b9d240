// SPDX-License-Identifier: Apache-2.0
// Boost.Log's core is a static, with thread-specific data behind it. Two background threads log while it is destroyed.
// Reported as boostorg/log#124.
#include "background.hpp"
#include "witness.hpp"

#include <boost/log/keywords/file_name.hpp>
#include <boost/log/trivial.hpp>
#include <boost/log/utility/setup/file.hpp>

#include <chrono>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  const std::string directory = witness::begin(argc, argv);
  boost::log::add_file_log(boost::log::keywords::file_name = directory + "log");
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([t] {
      for (long i = 0;; ++i) {
        BOOST_LOG_TRIVIAL(info) << "worker " << t << " tick " << i;
        witness::step(t);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  witness::main_returns();
}
