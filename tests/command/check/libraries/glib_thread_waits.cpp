// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
// A thread that the program has started by GLib's function, in a wait with a time limit: it is the program's, though
// its stack is not known.
#include <glib.h>

namespace {
gpointer work(gpointer queue) {
  for (;;)
    if (auto* const task = g_async_queue_timeout_pop(static_cast<GAsyncQueue*>(queue), G_USEC_PER_SEC)) return task;
}
}  // namespace

int main() {
  g_thread_new("worker", work, g_async_queue_new());
  g_usleep(50000);
}
