// SPDX-License-Identifier: Apache-2.0
// A threaded main loop without pa_threaded_mainloop_stop.
//! library: PulseAudio
//! packages: libpulse-dev
//! flags: $(pkg-config --cflags --libs libpulse)
#include <pulse/thread-mainloop.h>
#include <unistd.h>

int main(void) {
  pa_threaded_mainloop* const loop = pa_threaded_mainloop_new();
  if (loop == NULL || pa_threaded_mainloop_start(loop) != 0) return 1;
  usleep(50000);
#ifdef ENDED
  pa_threaded_mainloop_stop(loop);
#endif
  return 0;
}
