// SPDX-License-Identifier: Apache-2.0
// libmosquitto: mosquitto_loop_start() thread, publish, main returns => QoS-0/1 messages not sent (common "publish then
// exit").
#include <mosquitto.h>
#include <cstdio>
#include <cstdlib>
#include <string>
int main(int c, char** v) {
  int n = c > 1 ? atoi(v[1]) : 100, port = c > 2 ? atoi(v[2]) : 18831;
  mosquitto_lib_init();
  auto* m = mosquitto_new(nullptr, true, nullptr);
  if (mosquitto_connect(m, "127.0.0.1", port, 30)) {
    puts("no broker");
    return 9;
  }
  mosquitto_loop_start(m);
  for (int i = 0; i < n; i++) {
    std::string s = "m" + std::to_string(i);
    mosquitto_publish(m, nullptr, "t", s.size(), s.data(), 1, false);
  }
  return 0;
}
