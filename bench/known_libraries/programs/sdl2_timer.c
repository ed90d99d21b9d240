// SPDX-License-Identifier: Apache-2.0
// A timer without SDL_Quit.
//! library: SDL 2, timer
//! packages: libsdl2-dev
//! flags: $(pkg-config --cflags --libs sdl2)
#define SDL_MAIN_HANDLED
#include <SDL.h>

static Uint32 tick(Uint32 interval, void* data) {
  (void)data;
  return interval;
}

int main(void) {
  SDL_SetMainReady();
  if (SDL_Init(SDL_INIT_TIMER) != 0 || SDL_AddTimer(1000, tick, NULL) == 0) return 1;
  SDL_Delay(50);
#ifdef ENDED
  SDL_Quit();
#endif
  return 0;
}
