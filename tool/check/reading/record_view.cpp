// SPDX-License-Identifier: Apache-2.0
#include "check/reading/record_view.hpp"

#include "failure.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace curfew::tool {

record_view::record_view() {
  const char* const folder = std::getenv("TMPDIR");
  path_ = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/curfew-check-XXXXXX";
  const int fd = ::mkostemp(path_.data(), O_CLOEXEC);
  if (fd < 0) throw failure(failure::own, "cannot make " + path_ + ": " + std::strerror(errno));
  void* at = MAP_FAILED;
  if (::ftruncate(fd, sizeof(check::record_file)) == 0)
    at = ::mmap(nullptr, sizeof(check::record_file), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (at == MAP_FAILED) {
    ::unlink(path_.c_str());
    throw failure(failure::own, "no room for the record in " + path_);
  }
  file_ = static_cast<check::record_file*>(at);
  file_->magic = check::record_magic;
}

record_view::~record_view() {
  ::munmap(file_, sizeof(check::record_file));
  ::unlink(path_.c_str());
}

unsigned record_view::event_count() const { return std::min(file_->event_count.load(), check::max_events); }

const check::thread_record* record_view::thread(int index) const {
  return index < 0 || index >= static_cast<int>(check::max_threads) ? nullptr : &file_->threads[index];
}

std::string record_view::text(std::uint64_t offset, std::uint64_t length) const {
  if (offset >= check::max_text || length > check::max_text - offset) return {};
  return {file_->text + offset, static_cast<std::size_t>(length)};
}

symbols& record_view::symbols_at(int event) {
  const auto pid = file_->events[event].pid;
  int best = -1;
  for (int i = 0; i < static_cast<int>(event_count()); ++i) {
    const auto& one = file_->events[i];
    if (one.kind.load() != check::event_kind::maps || one.pid != pid || (i > event && best >= 0)) continue;
    best = i;
  }
  auto& made = symbols_[best];
  if (!made) made = std::make_unique<symbols>(best < 0 ? "" : text(file_->events[best].a, file_->events[best].b));
  return *made;
}

std::vector<frame> record_view::frames(int event, const std::uint64_t* addresses, unsigned count) {
  std::vector<frame> all;
  symbols& names = symbols_at(event);
  for (unsigned i = 0; i < count; ++i)
    for (frame& one : names.at(addresses[i]))
      if (!one.module.starts_with("libcurfew-check")) all.push_back(std::move(one));
  return all;
}

}  // namespace curfew::tool
