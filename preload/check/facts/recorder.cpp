// SPDX-License-Identifier: Apache-2.0
#include "check/facts/recorder.hpp"

#include "check/linux/kernel.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace curfew::check {

constinit options settings;
constinit record_file* record = nullptr;
constinit std::atomic<int> running_destructor{-1};

namespace {

void read_options(const char* text) noexcept {
  std::string_view rest(text);
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    const auto one = std::string_view(rest.data(), comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto equals = std::min(one.find('='), one.size());
    const auto name = std::string_view(one.data(), equals);
    const auto value = equals < one.size() ? static_cast<unsigned>(std::atoi(one.data() + equals + 1)) : 0U;
    if (name == "patience") settings.patience_ms = value;
    if (name == "linger") settings.linger_ms = value;
    if (name == "sleepers") settings.sleepers_ms = value;
    if (name == "children") settings.children = value != 0;
  }
}

}  // namespace

void open_record() noexcept {
  const char* const path = std::getenv(record_variable);
  if (path == nullptr || record != nullptr) return;
  const int fd = ::open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  struct stat about {};
  void* at = MAP_FAILED;
  if (::fstat(fd, &about) == 0 && about.st_size == static_cast<off_t>(sizeof(record_file)))
    at = ::mmap(nullptr, sizeof(record_file), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (at == MAP_FAILED) return;
  auto* const file = static_cast<record_file*>(at);
  if (file->magic != record_magic || file->version != record_version) return;
  if (file->loaded.fetch_add(1) == 0) file->first_pid = ::getpid();
  if (const char* const asked = std::getenv(options_variable)) read_options(asked);
  // Nobody else opens it, and the command may be killed before it can take it away.
  if (!settings.children) ::unlink(path);
  record = file;
}

std::uint64_t now_ns() noexcept {
  const timespec now = kernel_time(CLOCK_MONOTONIC);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

int emit_payload(event_kind kind, const void* what, std::size_t size, int thread, const call_stack* stack) noexcept {
  if (record == nullptr) return -1;
  const std::uint32_t index = record->event_count.fetch_add(1);
  if (index >= max_events) return -1;
  auto& event = record->events[index];
  event.pid = ::getpid();
  event.thread = thread;
  event.during = running_destructor.load(std::memory_order_relaxed);
  event.times = 1;
  event.at_ns = now_ns();
  std::memcpy(event.payload, what, size);
  event.stack_count = stack != nullptr ? stack->count : 0;
  if (stack != nullptr) std::copy_n(stack->frames, stack->count, event.stack);
  event.kind.store(kind, std::memory_order_release);
  return static_cast<int>(index);
}

text_place add_text(const char* text, std::size_t length) noexcept {
  const std::uint64_t offset = record->text_used.fetch_add(length);
  if (offset + length > max_text) return {};
  std::memcpy(record->text + offset, text, length);
  return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length)};
}

void record_maps() noexcept {
  if (record == nullptr) return;
  // The thread's: the process's is empty when main has left by pthread_exit.
  const long fd = kernel_call(SYS_openat, AT_FDCWD, "/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  // Only mappings of files matter, and a program may have tens of thousands of others.
  static constexpr std::size_t chunk = 4096;
  char buffer[chunk + 1];
  std::size_t have = 0;
  const std::uint64_t begin = record->text_used.load();
  std::uint64_t length = 0;
  for (;;) {
    const long got = kernel_call(SYS_read, fd, buffer + have, chunk - have);
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
    std::size_t from = 0;
    for (std::size_t i = 0; i < have; ++i) {
      if (buffer[i] != '\n') continue;
      if (std::memchr(buffer + from, '/', i - from) != nullptr) {
        const std::size_t size = i + 1 - from;
        // In one piece: where somebody else has added text in between it ends.
        if (begin + length + size < max_text && add_text(buffer + from, size).offset == begin + length) length += size;
      }
      from = i + 1;
    }
    std::memmove(buffer, buffer + from, have - from);
    have -= from;
    if (have == chunk) have = 0;  // no line of a map is that long
  }
  kernel_call(SYS_close, fd);
  emit(maps_read{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(length)}});
}

}  // namespace curfew::check
