// SPDX-License-Identifier: Apache-2.0
// What unloaded_code_running loads.
#include <pthread.h>
#include <unistd.h>

extern "C" void* plugin_loop(void*) {
  for (;;) ::usleep(500000);
}

__attribute__((constructor)) static void begin() {
  pthread_t thread;
  if (::pthread_create(&thread, nullptr, plugin_loop, nullptr) == 0) ::pthread_detach(thread);
}
