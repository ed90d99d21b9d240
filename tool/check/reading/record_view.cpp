// SPDX-License-Identifier: Apache-2.0
#include "check/reading/record_view.hpp"

#include "failure.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace curfew::tool {
namespace {

/// As long as it lives.
class open_file {
 public:
  explicit open_file(int descriptor) : descriptor_(descriptor) {}
  ~open_file() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void fail(const std::string& why) { throw failure(failure::own, why); }

/// As long as it lives, files may have the size of a record where the user may raise the limit of sizes; where not, an
/// error says so, and no signal ends the command.
class room_for_record {
 public:
  room_for_record() {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    struct rlimit more = before_;
    constexpr rlim_t wanted = sizeof(check::record_file);
    if (before_.rlim_cur != RLIM_INFINITY && before_.rlim_cur < wanted) {
      more.rlim_cur = wanted;
      if (more.rlim_max != RLIM_INFINITY) more.rlim_max = std::max(more.rlim_max, wanted);
      ::setrlimit(RLIMIT_FSIZE, &more);
    }
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGXFSZ, &ignore, &action_);
  }
  ~room_for_record() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::sigaction(SIGXFSZ, &action_, nullptr);
  }
  room_for_record(const room_for_record&) = delete;
  room_for_record& operator=(const room_for_record&) = delete;

 private:
  struct rlimit before_ {};
  struct sigaction action_ {};
};

/// Where temporary files go. Without a choice of the user's: where a file is memory, for every first write to a page of
/// a file on a disk costs the program, or this command, some of its time.
std::string temporary_folder() {
  if (const char* const chosen = std::getenv("TMPDIR"); chosen != nullptr && *chosen != '\0') return chosen;
  constexpr const char* memory = "/dev/shm";
  constexpr std::uint64_t ample = 4 * sizeof(check::record_file);
  struct statfs about {};
  if (::statfs(memory, &about) == 0 && about.f_type == TMPFS_MAGIC && ::access(memory, W_OK | X_OK) == 0 &&
      about.f_bavail * static_cast<std::uint64_t>(about.f_bsize) >= ample)
    return memory;
  return "/tmp";
}

}  // namespace

void record_view::map(int file) {
  void* const at = ::mmap(nullptr, sizeof(check::record_file), PROT_READ | PROT_WRITE,
                          temporary_ ? MAP_SHARED : MAP_PRIVATE, file, 0);
  if (at == MAP_FAILED) fail("no room for the record in " + path_);
  file_ = static_cast<check::record_file*>(at);
}

record_view::record_view() : temporary_(true) {
  path_ = temporary_folder() + "/curfew-check-XXXXXX";
  const open_file file(::mkostemp(path_.data(), O_CLOEXEC));
  if (file.get() < 0) fail("cannot make " + path_ + ": " + std::strerror(errno));
  try {
    const room_for_record room;
    if (::ftruncate(file.get(), sizeof(check::record_file)) != 0)
      fail("no room for the record in " + path_ + ": " + std::strerror(errno) +
           (errno == EFBIG ? " (the limit of file sizes, ulimit -f)" : ""));
    map(file.get());
  } catch (...) {
    ::unlink(path_.c_str());
    throw;
  }
  file_->magic = check::record_magic;
  file_->version = check::record_version;
}

record_view::record_view(const std::string& path) : path_(path) {
  const open_file file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) fail("cannot read " + path + ": " + std::strerror(errno));
  struct {
    std::uint64_t magic;
    std::uint32_t version;
  } begin{};
  static_assert(offsetof(check::record_file, version) == sizeof begin.magic);
  constexpr auto length = static_cast<ssize_t>(offsetof(check::record_file, version) + sizeof begin.version);
  if (::pread(file.get(), &begin, length, 0) != length || begin.magic != check::record_magic)
    fail(path + " is no record of curfew check");
  if (begin.version != check::record_version)
    fail(path + " is a record of version " + std::to_string(begin.version) + "; this curfew reads version " +
         std::to_string(check::record_version));
  struct stat about {};
  if (::fstat(file.get(), &about) != 0 || about.st_size != static_cast<off_t>(sizeof(check::record_file)))
    fail(path + " is too short: it has " + std::to_string(about.st_size) + " bytes of " +
         std::to_string(sizeof(check::record_file)));
  map(file.get());
}

record_view::~record_view() {
  ::munmap(file_, sizeof(check::record_file));
  if (temporary_) ::unlink(path_.c_str());
}

void record_view::settle() {
  settled_.reset();
  events_by_kind now{event_count(), {}};
  for (int i = 0; i < now.count; ++i)
    if (const auto kind = head(i).kind.load(std::memory_order_acquire); kind != check::event_kind::none)
      now.indices[kind].push_back(i);
  settled_ = std::move(now);
}

const std::vector<int>& record_view::events_by_kind::of(check::event_kind kind) const {
  static const std::vector<int> none;
  const auto at = indices.find(kind);
  return at == indices.end() ? none : at->second;
}

int record_view::event_count() const {
  if (settled_) return settled_->count;
  return static_cast<int>(std::min(file_->event_count.load(), check::max_events));
}

int record_view::thread_count() const {
  return static_cast<int>(std::min(file_->thread_count.load(), check::max_threads));
}

const check::thread_record* record_view::thread(int index) const {
  return index < 0 || index >= static_cast<int>(check::max_threads) ? nullptr : &file_->threads[index];
}

std::string record_view::text(check::text_place at) const {
  // Behind what was used nothing was written: a record that is damaged does not make megabytes of it.
  const std::uint64_t used = std::min<std::uint64_t>(file_->text_used.load(), check::max_text);
  if (at.offset >= used || at.length > used - at.offset) return {};
  return {file_->text + at.offset, at.length};
}

symbols& record_view::symbols_at(int event) {
  told<check::maps_read> best;
  for (const auto& one : all_of<check::maps_read>(head(event).pid))
    if (one.index <= event || !best) best = one;
  auto& made = symbols_[best.index];
  if (!made) made = std::make_unique<symbols>(best ? text(best->text) : "");
  return *made;
}

std::vector<frame> record_view::stack_of(int event) {
  const auto& one = head(event);
  return frames(event, one.stack, std::min(one.stack_count, check::max_stack));
}

std::vector<frame> record_view::frames(int event, const std::uint64_t* addresses, unsigned count) {
  std::vector<frame> all;
  symbols& names = symbols_at(event);
  for (unsigned i = 0; i < count; ++i)
    for (const frame& one : names.at(addresses[i]))
      if (!one.module.starts_with("libcurfew-check")) all.push_back(one);
  return all;
}

}  // namespace curfew::tool
