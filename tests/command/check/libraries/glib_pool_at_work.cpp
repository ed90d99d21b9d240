// SPDX-License-Identifier: Apache-2.0
//! warning thread-running-at-exit
//! says "still ran when the last destructor had run"
// A worker of a thread pool that is inside the program's own function: its work is lost.
#include <glib.h>
#include <unistd.h>

namespace {
int begun[2];
void work(gpointer, gpointer) {
  const bool said = write(begun[1], "", 1) == 1;
  for (char byte = 0; said && read(begun[0], &byte, 0) == 0;) usleep(1000);
}
}  // namespace

int main() {
  if (pipe(begun) != 0) return 1;
  g_thread_pool_push(g_thread_pool_new(work, nullptr, 1, 0, nullptr), GINT_TO_POINTER(1), nullptr);
  char byte = 0;
  return read(begun[0], &byte, 1) == 1 ? 0 : 1;
}
