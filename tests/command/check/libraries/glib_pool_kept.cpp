// SPDX-License-Identifier: Apache-2.0
//! nothing
//! last "of GLib's thread pools"
// The workers of a thread pool that has nothing to do any more.
#include <glib.h>

namespace {
void work(gpointer, gpointer done) { g_atomic_int_inc(static_cast<gint*>(done)); }
}  // namespace

int main() {
  static gint done = 0;
  GThreadPool* const pool = g_thread_pool_new(work, &done, 2, 0, nullptr);
  for (int i = 1; i <= 4; ++i) g_thread_pool_push(pool, GINT_TO_POINTER(i), nullptr);
  while (g_atomic_int_get(&done) < 4) g_usleep(1000);
}
