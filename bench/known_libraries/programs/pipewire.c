// SPDX-License-Identifier: Apache-2.0
// A thread loop without pw_thread_loop_stop.
//! library: PipeWire
//! packages: libpipewire-0.3-dev
//! flags: $(pkg-config --cflags --libs libpipewire-0.3)
#include <pipewire/pipewire.h>
#include <unistd.h>

int main(int argc, char** argv) {
  pw_init(&argc, &argv);
  struct pw_thread_loop* const loop = pw_thread_loop_new("loop", NULL);
  if (loop == NULL || pw_thread_loop_start(loop) != 0) return 1;
  usleep(50000);
#ifdef ENDED
  pw_thread_loop_stop(loop);
#endif
  return 0;
}
