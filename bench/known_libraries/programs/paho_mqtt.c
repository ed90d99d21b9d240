// SPDX-License-Identifier: Apache-2.0
// A client that connects, without MQTTAsync_destroy.
//! library: Eclipse Paho (MQTTAsync)
//! packages: libpaho-mqtt-dev
//! flags: -lpaho-mqtt3a
#include <MQTTAsync.h>
#include <unistd.h>

int main(void) {
  MQTTAsync client;
  if (MQTTAsync_create(&client, "tcp://127.0.0.1:1", "c", MQTTCLIENT_PERSISTENCE_NONE, NULL) != 0) return 1;
  MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer;
  options.automaticReconnect = 1;
  if (MQTTAsync_connect(client, &options) != MQTTASYNC_SUCCESS) return 2;
  usleep(100000);
#ifdef ENDED
  MQTTAsync_destroy(&client);
#endif
  return 0;
}
