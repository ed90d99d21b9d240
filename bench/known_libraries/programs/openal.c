// SPDX-License-Identifier: Apache-2.0
// A context without alcCloseDevice.
//! library: OpenAL Soft
//! packages: libopenal-dev
//! flags: $(pkg-config --cflags --libs openal)
#include <AL/al.h>
#include <AL/alc.h>
#include <stdlib.h>
#include <unistd.h>

int main(void) {
  setenv("ALSOFT_DRIVERS", "null", 1);
  ALCdevice* const device = alcOpenDevice(NULL);
  if (device == NULL) return 1;
  ALCcontext* const context = alcCreateContext(device, NULL);
  usleep(100000);
#ifdef ENDED
  alcDestroyContext(context);
  alcCloseDevice(device);
#endif
  return context == NULL;
}
