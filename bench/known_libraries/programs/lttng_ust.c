// SPDX-License-Identifier: Apache-2.0
// A program with a trace event, which needs no call.
//! library: LTTng-UST
//! packages: liblttng-ust-dev
//! flags: $(pkg-config --cflags --libs lttng-ust)
#include <lttng/tracef.h>
#include <unistd.h>

int main(void) {
  tracef("text %d", 1);
  usleep(100000);
  return 0;
}
