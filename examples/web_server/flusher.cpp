// SPDX-License-Identifier: Apache-2.0
#include "flusher.hpp"

#include <curfew/exit.hpp>
#include <curfew/service.hpp>

#include <exception>
#include <stdexcept>
#include <utility>

namespace {
constexpr std::size_t most_in_a_commit = 500;
}

flusher::flusher(journal& to) : journal_(to), thread_({.name = "flusher", .daemon = true}, [this] { run(); }) {}

std::future<std::int64_t> flusher::append(std::string entry) {
  request one{std::move(entry), {}};
  auto done = one.done.get_future();
  queue_.push(std::move(one));
  return done;
}

void flusher::run() {
  curfew::watched_thread watched("flusher");  // if a commit hangs, the service manager is to know
  for (watched.pause(); auto first = queue_.pop(); watched.pause()) {
    watched.progress();
    std::vector<request> batch;
    batch.push_back(std::move(*first));
    while (batch.size() < most_in_a_commit)
      if (auto next = queue_.try_pop())
        batch.push_back(std::move(*next));
      else
        break;
    write(batch);
  }
}

void flusher::write(std::vector<request>& batch) {
  std::vector<std::string> entries;
  for (request& one : batch) entries.push_back(std::move(one.entry));
  try {
    const curfew::shield s;
    // False: the end of the program has begun to freeze daemons, and nobody waits for this any more.
    if (!s) throw std::runtime_error("the service has stopped");
    std::int64_t id = journal_.append(entries);
    written_ += entries.size();
    ++commits_;
    for (request& one : batch) one.done.set_value(id++);
  } catch (...) {
    for (request& one : batch) one.done.set_exception(std::current_exception());
  }
}
