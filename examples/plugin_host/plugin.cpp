// SPDX-License-Identifier: Apache-2.0
// A plugin with everything that keeps code busy: a regular thread, a daemon, a pool, a timer, and a hook that tells the
// regular thread to stop. It says nothing of being unloaded: that is the host's part, curfew::end_library.
#include <curfew/curfew.hpp>

#include <atomic>
#include <chrono>
#include <memory>

using namespace std::chrono_literals;

namespace {

std::atomic<int> done{0};
std::atomic<bool> closed{false};
std::unique_ptr<curfew::thread_pool> pool;
curfew::timer beat;

void serve() {
  while (!closed) std::this_thread::sleep_for(1ms);
  ++done;
}

void poll() {
  while (curfew::this_thread::sleep_for(1ms)) ++done;  // false when it is asked to stop
}

}  // namespace

extern "C" {

[[gnu::visibility("default")]] void plugin_begin() {
  closed = false;
  done = 0;
  pool = std::make_unique<curfew::thread_pool>(curfew::pool_options{.name = "plugin", .workers = 2});
  curfew::thread({.name = "plugin server"}, serve).detach();
  curfew::thread({.name = "plugin poller", .daemon = true}, poll).detach();
  beat = curfew::timer({.periodic = true, .daemon = true}, 1ms, [] { ++done; });
  curfew::before_wait("plugin closes", [] { closed = true; });
  for (int i = 0; i < 4; ++i) pool->post(curfew::at_exit::finish, [] { ++done; });
  (void)curfew::recycle([] { ++done; });  // on a thread of the host's, if curfew is the host's
}

[[gnu::visibility("default")]] int plugin_done() { return done; }

#ifdef PLUGIN_HAS_ITS_OWN_CURFEW
/// The host's curfew knows nothing of threads that this one has started.
[[gnu::visibility("default")]] int plugin_end() {
  return curfew::end_library_of(reinterpret_cast<const void*>(&plugin_end)).may_be_unloaded() ? 1 : 0;
}
#endif
}
