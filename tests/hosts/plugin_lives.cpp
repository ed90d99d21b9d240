// SPDX-License-Identifier: Apache-2.0
// plugin_lives PLUGIN LIVES: loads, uses and unloads a plugin of examples/plugin_host so often, and writes what the
// process has after life 1, 10, 100, …: a line of numbers each. Nothing may grow with the lives. Numbers that the C
// library's arenas and its cache of stacks move up and down get a slack that growth by each life would exceed.
#include <curfew/library.hpp>
#include <curfew/registry.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>
#include <support/sanitizers.hpp>

#include <dirent.h>
#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace {

using curfew_test::eventually;

long entries_of(const char* folder) {
  long count = 0;
  DIR* const open = ::opendir(folder);
  while (::readdir(open) != nullptr) ++count;
  ::closedir(open);
  return count - 2;
}

long modules() {
  long count = 0;
  ::dl_iterate_phdr([](dl_phdr_info*, std::size_t, void* counter) { return ++*static_cast<long*>(counter), 0; },
                    &count);
  return count;
}

long lines_of(const char* file) {
  std::ifstream in(file);
  return std::count(std::istreambuf_iterator<char>(in), {}, '\n');
}

long resident_kb() {
  long size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

struct usage {
  long threads = entries_of("/proc/self/task");
  long descriptors = entries_of("/proc/self/fd");
  long loaded = modules();
  long mappings = lines_of("/proc/self/maps");
  long heap_kb = static_cast<long>(::mallinfo2().uordblks / 1024);
  long resident = resident_kb();
};

template <class Function>
Function* find(void* plugin, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(plugin, name));
}

void live(const char* path) {
  void* const plugin = ::dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) {
    std::fprintf(stderr, "%s\n", ::dlerror());
    std::exit(1);
  }
  find<void()>(plugin, "plugin_begin")();
  CHECK(eventually([=] { return find<int()>(plugin, "plugin_done")() >= 7; }));
  if (auto* const own_end = find<int()>(plugin, "plugin_end")) {
    CHECK(own_end() == 1);
  } else {
    const auto report = curfew::end_library(plugin, {.daemon_grace = curfew_test::patient(std::chrono::seconds(20))});
    CHECK(report.may_be_unloaded());
    CHECK(report.ended.size() >= 4);  // the server, the poller and two workers
  }
  ::dlclose(plugin);
}

}  // namespace

int main(int, char** arguments) {
  const int lives = std::atoi(arguments[2]);
  usage first;
  long next = 1;
  std::puts("life threads descriptors modules mappings heap_kb resident_kb");
  for (int life = 1; life <= lives; ++life) {
    live(arguments[1]);
    if (life != next && life != lives) continue;
    // A thread of the host's, which the plugin used, ends when it has been idle.
    const usage now;
    if (life <= 10) first = now;
    next *= 10;
    std::printf("%d %ld %ld %ld %ld %ld %ld\n", life, now.threads, now.descriptors, now.loaded, now.mappings,
                now.heap_kb, now.resident);
  }
  const usage last;
  const long slack = std::max(lives / 10, 20);
  CHECK(last.threads <= first.threads + 4);
  CHECK(last.descriptors <= first.descriptors + 2);
  CHECK(last.loaded == first.loaded);
  CHECK(last.mappings <= first.mappings + slack);
  if (!curfew_test::address_sanitizer && !curfew_test::thread_sanitizer) {
    CHECK(last.heap_kb <= first.heap_kb + slack);
    CHECK(last.resident <= first.resident + 4096 + slack * 4);  // a stack that is used again brings its pages along
  }
}
