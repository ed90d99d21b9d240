// SPDX-License-Identifier: Apache-2.0
#include "snapshot.hpp"

#include "cpu_time.hpp"

#include <curfew/exit.hpp>
#include <curfew/registry.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace {

using json = nlohmann::json;
using seconds = std::chrono::duration<double>;

json threads() {
  json all = json::array();
  const auto now = std::chrono::system_clock::now();
  for (const curfew::thread_info& t : curfew::enumerate()) {
    std::string where;
    if (t.created_at.file != nullptr) {
      where = t.created_at.file;
      where = where.substr(where.rfind('/') + 1) + ":" + std::to_string(t.created_at.line);
    }
    all.push_back({{"number", t.number},
                   {"name", t.name},
                   {"kind", curfew::to_string(t.kind)},
                   {"state", curfew::to_string(t.state)},
                   {"age", seconds(now - t.started_at).count()},
                   {"where", where},
                   {"cpu", seconds(cpu_time(t.native_id)).count()}});
  }
  return all;
}

json pool(const curfew::thread_pool& p) {
  const curfew::pool_counts now = p.counts();
  return {{"name", p.name()}, {"workers", now.workers}, {"running", now.running}, {"queued", now.queued}};
}

/// How much of the work that there was when the exit was requested is done.
json ending(application& app) {
  static std::atomic<std::size_t> most{0};
  static std::atomic<std::int64_t> began{0};
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  std::int64_t never = 0;
  began.compare_exchange_strong(never, now.count());
  const std::size_t left = app.work_left();
  std::size_t before = most.load();
  while (before < left && !most.compare_exchange_weak(before, left)) {
  }
  before = std::max(before, left);
  return {{"left", left},
          {"of", before},
          {"done", before == 0 ? 1.0 : 1.0 - static_cast<double>(left) / static_cast<double>(before)},
          {"since", seconds(now - std::chrono::steady_clock::duration(began.load())).count()},
          {"deadline", seconds(app.options.deadline).count()}};
}

}  // namespace

std::string snapshot(application& app) {
  const bool ends = curfew::exit_requested() || curfew::exit_phase() != curfew::phase::running;
  const char* const phase = curfew::to_string(curfew::exit_phase());
  json all = {{"phase", ends && curfew::exit_phase() == curfew::phase::running ? "listener goes down" : phase},
              {"ready", app.ready.ready()},
              {"uptime", seconds(std::chrono::steady_clock::now() - app.started).count()},
              {"requests", app.requests.in_flight()},
              {"streams", app.streams.load()},
              {"journal",
               {{"queued", app.writer.queued()}, {"written", app.writer.written()}, {"commits", app.writer.commits()}}},
              {"timer", {{"ticks", app.ticks.load()}}},
              {"skippable", app.skippable_done.load()},
              {"pools", {pool(app.http), pool(app.tasks)}},
              {"threads", threads()},
              {"last_exit", app.last_exit}};
  if (ends) all["exit"] = ending(app);
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}
