// SPDX-License-Identifier: Apache-2.0
// google/glog#363: "static google::log_mutex destroyed on exit, while other still existing threads want to log".
// A detached worker logs while main returns.
#include <glog/logging.h>
#include <chrono>
#include <thread>
int main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  for (int t = 0; t < 2; t++)
    std::thread([t] {
      for (long i = 0;; ++i) LOG(INFO) << "worker " << t << " tick " << i;
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return 0;
}
