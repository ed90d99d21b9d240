// SPDX-License-Identifier: Apache-2.0
#include "dump/process.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace curfew::tool::dump {
namespace {

/// Walks each thread once, along all that it waits for, without recursion: chains are as long as there are threads.
class search {
 public:
  explicit search(const std::vector<edge>& edges) {
    for (const edge& one : edges) from_[one.from].push_back(one);
  }

  std::vector<cycle> run() {
    for (const auto& [start, edges] : from_)
      if (!done_.contains(start)) walk_from(start);
    return std::move(found_);
  }

 private:
  struct step {
    pid_t at;
    std::size_t next;
  };

  void walk_from(pid_t start) {
    path_.assign(1, {start, 0});
    on_path_ = {start};
    while (!path_.empty()) {
      auto& [at, next] = path_.back();
      const auto edges = from_.find(at);
      if (edges == from_.end() || next == edges->second.size()) {
        done_.insert(at);
        on_path_.erase(at);
        path_.pop_back();
        continue;
      }
      const pid_t to = edges->second[next++].to;
      if (on_path_.contains(to))
        add_cycle(to);
      else if (!done_.contains(to)) {
        on_path_.insert(to);
        path_.push_back({to, 0});
      }
    }
  }

  void add_cycle(pid_t to) {
    cycle ring;
    const auto begin = std::ranges::find(path_, to, &step::at);
    for (auto one = begin; one != path_.end(); ++one) ring.push_back(from_[one->at][one->next - 1]);
    found_.push_back(std::move(ring));
  }

  std::map<pid_t, std::vector<edge>> from_;
  std::set<pid_t> done_, on_path_;
  std::vector<step> path_;
  std::vector<cycle> found_;
};

}  // namespace

std::vector<cycle> find_cycles(const std::vector<edge>& edges) { return search(edges).run(); }

}  // namespace curfew::tool::dump
