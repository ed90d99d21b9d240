// SPDX-License-Identifier: Apache-2.0
// boostorg/log#124 shape: threads still logging at exit (core singleton / TLS key destroyed).
#define BOOST_LOG_DYN_LINK 1
#include <boost/log/core.hpp>
#include <boost/log/trivial.hpp>
#include <boost/log/utility/setup/file.hpp>
#include <chrono>
#include <thread>
int main(int argc, char** argv) {
  boost::log::add_file_log(argc > 1 ? argv[1] : "/dev/null");
  for (int t = 0; t < 2; t++)
    std::thread([t] {
      for (long i = 0;; ++i) BOOST_LOG_TRIVIAL(info) << "worker " << t << " tick " << i;
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
