// SPDX-License-Identifier: Apache-2.0
// A program that ends at once, with so many detached threads asleep and so many joined ones.
#include <chrono>
#include <cstdlib>
#include <thread>

int main(int argc, char** argv) {
  for (int i = argc > 1 ? std::atoi(argv[1]) : 0; i > 0; --i)
    std::thread([] { std::this_thread::sleep_for(std::chrono::hours(1)); }).detach();
  for (int i = argc > 2 ? std::atoi(argv[2]) : 0; i > 0; --i) std::thread([] {}).join();
}
