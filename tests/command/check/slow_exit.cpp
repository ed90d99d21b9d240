// SPDX-License-Identifier: Apache-2.0
//! patience 2s
//! warning slow-exit slowest
//! says "the exit waited for 2."
// Twelve destructors that sleep, none of them for long: the exit makes progress, and takes its time.
#include <chrono>
#include <thread>

struct slow {
  int ms;
  explicit slow(int time) : ms(time) {}
  ~slow() { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }
};
static slow first(170), second(170), third(170), fourth(170), fifth(170), sixth(170);
static slow slowest(330);
static slow eighth(170), ninth(170), tenth(170), eleventh(170), last(170);

int main() {}
