// SPDX-License-Identifier: Apache-2.0
#include "exit/metrics.hpp"

#include "os/clock.hpp"
#include "registry/registry.hpp"

#include <curfew/metrics.hpp>

#include <array>
#include <atomic>
#include <cstdio>
#include <string_view>

namespace curfew::inline v1 {
namespace detail {
namespace {

constinit std::array<std::atomic<steady_time>, 5> parts_began{};

std::atomic<steady_time>& began(exit_part part) noexcept { return parts_began[static_cast<unsigned>(part)]; }

/// As Prometheus wants it: no dots, the unit at the end, `_total` behind what only goes up.
std::string prometheus_name(const metric& one) {
  std::string name(one.name);
  for (char& c : name)
    if (c == '.') c = '_';
  if (std::string_view(one.unit) == "s") name += "_seconds";
  if (one.kind == metric_kind::counter) name += "_total";
  return name;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  for (char& c : text)
    if (c == ',') c = '.';  // of a locale
  return text;
}

}  // namespace

void note_exit_part(exit_part part) noexcept {
  steady_time never{};
  began(part).compare_exchange_strong(never, os::now_steady());
}

void forget_exit_parts_after_fork() noexcept {
  for (auto& one : parts_began) one.store(steady_time{});
}

}  // namespace detail

std::vector<metric> collect_metrics() {
  using namespace detail;
  constexpr const char *daemon = "curfew.thread.daemon", *threads = "{thread}";
  const thread_counts now = counts();
  std::vector<metric> all;
  const char* const about_count = "Threads that have not ended.";
  all.push_back({"curfew.thread.count", about_count, threads, metric_kind::gauge, daemon, "false",
                 static_cast<double>(now.live - now.daemon)});
  all.push_back({"curfew.thread.count", about_count, threads, metric_kind::gauge, daemon, "true",
                 static_cast<double>(now.daemon)});
  all.push_back({"curfew.thread.peak", "The most threads that there were at a time.", threads, metric_kind::gauge,
                 nullptr, nullptr, static_cast<double>(now.peak)});
  all.push_back({"curfew.thread.started", "Threads that curfew has started.", threads, metric_kind::counter, nullptr,
                 nullptr, static_cast<double>(now.started)});
  constexpr const char* names[] = {"hooks", "draining", "stopping", "freezing"};
  for (unsigned i = 0; i < std::size(names); ++i) {
    const steady_time from = parts_began[i].load(), to = parts_began[i + 1].load();
    if (from == steady_time{}) break;
    const std::chrono::duration<double> time = (to == steady_time{} ? os::now_steady() : to) - from;
    all.push_back({"curfew.exit.duration", "How long the parts of the exit took, or have taken so far.", "s",
                   metric_kind::gauge, "curfew.exit.phase", names[i], time.count()});
  }
  return all;
}

std::string prometheus_text() {
  std::string text, last;
  for (const metric& one : collect_metrics()) {
    const std::string name = detail::prometheus_name(one);
    if (name != last) {
      text.append("# HELP ").append(name).append(" ").append(one.description).append("\n# TYPE ").append(name);
      text += one.kind == metric_kind::counter ? " counter\n" : " gauge\n";
      last = name;
    }
    text += name;
    if (one.attribute != nullptr) {
      std::string label(one.attribute);
      for (char& c : label)
        if (c == '.') c = '_';
      text += "{" + label + "=\"" + one.attribute_value + "\"}";
    }
    text += " " + detail::number(one.value) + "\n";
  }
  return text;
}

}  // namespace curfew::inline v1
