// SPDX-License-Identifier: Apache-2.0
#include "harness.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace fuzz {
namespace {

const memory_file* opened = nullptr;

}  // namespace

std::map<std::string_view, target>& targets() {
  static std::map<std::string_view, target> all;
  return all;
}

bool do_everything = false;

memory_file::memory_file()
    : descriptor_(::memfd_create("fuzz", MFD_CLOEXEC)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  if (descriptor_ < 0) {
    std::perror("memfd_create");
    std::abort();
  }
}

memory_file::~memory_file() { ::close(descriptor_); }

void memory_file::set(std::string_view content) const {
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::pwrite(descriptor_, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) {
    std::perror("a file in memory");
    std::abort();
  }
}

files_are::files_are(std::string_view content) {
  static const memory_file file;
  file.set(content);
  opened = &file;
}

files_are::~files_are() { opened = nullptr; }

}  // namespace fuzz

int fuzz_open(const char* path) {
  return ::open(fuzz::opened != nullptr ? fuzz::opened->path().c_str() : path, O_RDONLY | O_CLOEXEC);
}
