// SPDX-License-Identifier: Apache-2.0
// The record of a process that is gone, read.
#pragma once

#include "check/symbols/symbols.hpp"
#include "preload/check/record.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace curfew::tool {

class record_view {
 public:
  /// Makes an empty record in a temporary file.
  record_view();
  ~record_view();
  record_view(const record_view&) = delete;
  record_view& operator=(const record_view&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const check::record_file& file() const { return *file_; }
  [[nodiscard]] unsigned event_count() const;
  [[nodiscard]] const check::event_record& event(int index) const { return file_->events[index]; }
  [[nodiscard]] const check::thread_record* thread(int index) const;
  [[nodiscard]] std::string text(std::uint64_t offset, std::uint64_t length) const;

  /// The modules as they were at that event.
  symbols& symbols_at(int event);
  /// The stack, without this command's own frames on top.
  std::vector<frame> frames(int event, const std::uint64_t* addresses, unsigned count);

 private:
  std::string path_;
  check::record_file* file_ = nullptr;
  std::map<int, std::unique_ptr<symbols>> symbols_;  // by the event of the map
};

}  // namespace curfew::tool
