// SPDX-License-Identifier: Apache-2.0
#include "exit/spin.hpp"

#include "os/clock.hpp"

#include <algorithm>
#include <chrono>
#include <span>

namespace curfew::inline v1::detail {
namespace {

using std::chrono::milliseconds;

constexpr auto first_patience = milliseconds(100);
constexpr auto longest_patience = std::chrono::seconds(2);
constexpr auto sampling_time = milliseconds(250);
constexpr unsigned samples_to_be_sure = 96;  // three times as many as there may be sets
constexpr unsigned samples_a_look = 20;
constexpr auto between_samples = std::chrono::microseconds(200);
constexpr auto answer_limit = milliseconds(100);

bool points_to_shared_memory(std::uint64_t value) noexcept {
  const auto kind = os::kind_of_memory(value);
  return kind == os::memory_kind::shared || kind == os::memory_kind::unknown;
}

}  // namespace

void spin_detector::begin_again(steady_time now, std::chrono::nanoseconds patience) noexcept {
  distinct_ = samples_ = 0;
  sampling_since_ = {};
  runs_since_ = now;
  patience_ = patience;
}

bool spin_detector::add(std::uint64_t fingerprint) noexcept {
  ++samples_;
  const auto known = std::span(seen_).first(distinct_);
  if (std::ranges::find(known, fingerprint) != known.end()) return true;
  if (distinct_ == seen_.size()) return false;
  seen_[distinct_++] = fingerprint;
  return true;
}

bool spin_detector::look(pid_t tid, const os::task_status& status, steady_time now) noexcept {
  if (status.state != 'R' || runs_since_ == steady_time{}) {
    begin_again(now, first_patience);
    return false;
  }
  if (now - runs_since_ < patience_) return false;
  if (sampling_since_ == steady_time{}) sampling_since_ = now;
  for (unsigned i = 0; i < samples_a_look; ++i) {
    if (i != 0) os::pause_for(between_samples);
    os::register_sample sample;
    if (!os::sample_registers(tid, sample, os::now_steady() + answer_limit)) return false;
    const bool sure = samples_ + 1 >= samples_to_be_sure && os::now_steady() - sampling_since_ >= sampling_time;
    if (sample.in_call || !add(sample.fingerprint()) ||
        (sure && std::ranges::any_of(sample.values, points_to_shared_memory))) {
      begin_again(now, std::min<std::chrono::nanoseconds>(patience_ * 2, longest_patience));
      return false;
    }
    if (sure) return true;
  }
  return false;
}

}  // namespace curfew::inline v1::detail
