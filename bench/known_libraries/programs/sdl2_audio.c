// SPDX-License-Identifier: Apache-2.0
// A device that plays, without SDL_CloseAudioDevice.
//! library: SDL 2, audio
//! packages: libsdl2-dev
//! flags: $(pkg-config --cflags --libs sdl2)
#define SDL_MAIN_HANDLED
#include <SDL.h>

int main(void) {
  SDL_SetMainReady();
  SDL_setenv("SDL_AUDIODRIVER", "dummy", 1);
  if (SDL_Init(SDL_INIT_AUDIO) != 0) return 1;
  const SDL_AudioSpec wanted = {.freq = 48000, .format = AUDIO_S16SYS, .channels = 2, .samples = 512};
  const SDL_AudioDeviceID device = SDL_OpenAudioDevice(NULL, 0, &wanted, NULL, 0);
  if (device == 0) return 2;
  SDL_PauseAudioDevice(device, 0);
  SDL_Delay(50);
#ifdef ENDED
  SDL_CloseAudioDevice(device);
#endif
  return 0;
}
