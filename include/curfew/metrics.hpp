// SPDX-License-Identifier: Apache-2.0
// Numbers about threads and the exit, to be pulled: for an OpenTelemetry callback, or as the text that Prometheus
// reads. Nothing is collected until somebody asks.
//
// | OpenTelemetry | Prometheus | kind | |
// |---|---|---|---|
// | `curfew.thread.count`, by `curfew.thread.daemon` | `curfew_thread_count` | gauge | threads that have not ended |
// | `curfew.thread.peak` | `curfew_thread_peak` | gauge | the most that there were at a time |
// | `curfew.thread.started` | `curfew_thread_started_total` | counter | threads that curfew has started |
// | `curfew.exit.duration`, by `curfew.exit.phase` | `curfew_exit_duration_seconds` | gauge | how long each part of the
// exit took, or has taken so far |
//
// The parts of the exit are `hooks` (before the wait), `draining`, `stopping` (with the hooks after the wait) and
// `freezing`. One that has not begun has no metric. A regular thread that serves them can be asked while the exit waits
// for it.
#pragma once

#include <curfew/forward.hpp>

#include <string>
#include <vector>

namespace curfew {
inline namespace v1 {

enum class metric_kind : unsigned char {
  gauge,    ///< it goes up and down
  counter,  ///< it only goes up
};

/// The texts live as long as the program.
struct metric {
  const char* name;  ///< in OpenTelemetry's form: "curfew.thread.count"
  const char* description;
  const char* unit;  ///< "{thread}" or "s"
  metric_kind kind;
  const char* attribute;        ///< "curfew.thread.daemon"; null: none
  const char* attribute_value;  ///< "true"
  double value;
};

/// Returns all metrics, those of one name together. Thread-safe; not for signal handlers (it allocates).
[[nodiscard]] CURFEW_API std::vector<metric> collect_metrics();

/// Returns them in Prometheus's text format, version 0.0.4.
[[nodiscard]] CURFEW_API std::string prometheus_text();

}  // namespace v1
}  // namespace curfew
