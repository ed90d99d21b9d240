// SPDX-License-Identifier: Apache-2.0
// A connection that has not been closed.
//! library: GIO, GDBus
//! packages: libglib2.0-dev
//! flags: $(pkg-config --cflags --libs gio-2.0)
#include <gio/gio.h>
#include <sys/socket.h>

int main(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
  GSocket* const socket = g_socket_new_from_fd(ends[0], NULL);
  GSocketConnection* const stream = g_socket_connection_factory_create_connection(socket);
  GDBusConnection* const bus =
      g_dbus_connection_new_sync(G_IO_STREAM(stream), NULL, G_DBUS_CONNECTION_FLAGS_NONE, NULL, NULL, NULL);
  g_usleep(100000);
#ifdef ENDED
  g_dbus_connection_close_sync(bus, NULL, NULL);
  g_object_unref(bus);
#endif
  return bus == NULL;
}
