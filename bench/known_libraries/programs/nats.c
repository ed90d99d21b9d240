// SPDX-License-Identifier: Apache-2.0
// The library's threads, without nats_Close.
//! library: NATS C client
//! packages: libnats-dev
//! flags: -lnats
#include <nats/nats.h>

int main(void) {
  if (nats_Open(-1) != NATS_OK) return 1;
  nats_Sleep(50);
#ifdef ENDED
  nats_CloseAndWait(0);
#endif
  return 0;
}
