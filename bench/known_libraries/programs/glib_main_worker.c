// SPDX-License-Identifier: Apache-2.0
// A source for a Unix signal, for which GLib starts its worker.
//! library: GLib, worker of its main loop
//! packages: libglib2.0-dev
//! flags: $(pkg-config --cflags --libs glib-2.0)
#include <glib-unix.h>
#include <signal.h>

static gboolean on_signal(gpointer data) {
  (void)data;
  return G_SOURCE_REMOVE;
}

int main(void) {
  g_unix_signal_add(SIGHUP, on_signal, NULL);
  g_usleep(100000);
  return 0;
}
