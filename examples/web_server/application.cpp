// SPDX-License-Identifier: Apache-2.0
#include "application.hpp"

#include <utility>

application::application(const settings& s, std::string last_exit_report)
    : options(s),
      last_exit(std::move(last_exit_report)),
      entries(s.folder / "journal.sqlite", s.most_pages),
      writer(entries),
      http({.name = "http", .workers = s.workers}),
      tasks({.name = "task", .workers = 2}) {}

std::size_t application::work_left() const {
  const curfew::pool_counts connections = http.counts(), work = tasks.counts();
  const std::size_t open = connections.running + connections.queued, watching = streams.load();
  return (open > watching ? open - watching : 0) + work.running + work.queued + writer.queued();
}
