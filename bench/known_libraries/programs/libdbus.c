// SPDX-License-Identifier: Apache-2.0
// A server that has not been closed.
//! library: libdbus
//! packages: libdbus-1-dev
//! flags: $(pkg-config --cflags --libs dbus-1)
#include <dbus/dbus.h>
#include <unistd.h>

int main(void) {
  dbus_threads_init_default();
  DBusServer* const server = dbus_server_listen("unix:tmpdir=/tmp", NULL);
  usleep(50000);
  return server == NULL;
}
