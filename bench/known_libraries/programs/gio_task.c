// SPDX-License-Identifier: Apache-2.0
// A task that has run in a thread.
//! library: GIO, GTask
//! packages: libglib2.0-dev
//! flags: $(pkg-config --cflags --libs gio-2.0)
#include <gio/gio.h>

static void work(GTask* task, gpointer source, gpointer data, GCancellable* cancellable) {
  (void)source, (void)data, (void)cancellable;
  g_task_return_boolean(task, TRUE);
}

static void done(GObject* source, GAsyncResult* result, gpointer loop) {
  (void)source, (void)result;
  g_main_loop_quit((GMainLoop*)loop);
}

int main(void) {
  GMainLoop* const loop = g_main_loop_new(NULL, FALSE);
  GTask* const task = g_task_new(NULL, NULL, done, loop);
  g_task_run_in_thread(task, work);
  g_main_loop_run(loop);
  g_usleep(50000);
  return 0;
}
