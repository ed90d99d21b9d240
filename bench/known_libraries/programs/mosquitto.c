// SPDX-License-Identifier: Apache-2.0
// A client's loop without mosquitto_loop_stop.
//! library: libmosquitto
//! packages: libmosquitto-dev
//! flags: $(pkg-config --cflags --libs libmosquitto)
#include <mosquitto.h>
#include <unistd.h>

int main(void) {
  mosquitto_lib_init();
  struct mosquitto* const client = mosquitto_new(NULL, true, NULL);
  mosquitto_connect_async(client, "127.0.0.1", 1, 60);
  if (mosquitto_loop_start(client) != MOSQ_ERR_SUCCESS) return 1;
  usleep(50000);
#ifdef ENDED
  mosquitto_disconnect(client);
  mosquitto_loop_stop(client, true);
#endif
  return 0;
}
