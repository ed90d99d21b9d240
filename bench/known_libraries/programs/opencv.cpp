// SPDX-License-Identifier: Apache-2.0
// A parallel loop.
//! library: OpenCV
//! packages: libopencv-core-dev
//! flags: -I/usr/include/opencv4 -lopencv_core
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>

#include <chrono>
#include <thread>

int main() {
  cv::parallel_for_(cv::Range(0, 100), [](const cv::Range& range) {
    std::this_thread::sleep_for(std::chrono::milliseconds(range.size()));
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return 0;
}
