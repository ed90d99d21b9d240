// SPDX-License-Identifier: Apache-2.0
// A pool with threads of its own, without g_thread_pool_free.
//! library: GLib, exclusive thread pool
//! packages: libglib2.0-dev
//! flags: $(pkg-config --cflags --libs glib-2.0)
#include <glib.h>

static void work(gpointer task, gpointer done) {
  (void)task;
  g_atomic_int_inc((gint*)done);
}

int main(void) {
  static gint done;
  GThreadPool* const pool = g_thread_pool_new(work, &done, 2, TRUE, NULL);
  g_thread_pool_push(pool, GINT_TO_POINTER(1), NULL);
  while (g_atomic_int_get(&done) < 1) g_usleep(1000);
  g_usleep(50000);
#ifdef ENDED
  g_thread_pool_free(pool, FALSE, TRUE);
#endif
  return 0;
}
