/* SPDX-License-Identifier: Apache-2.0 */
/* The program closes standard output and error, and the files that it opens then get their numbers. argv[1]: the
   beginning of their names. A detached thread is there to be reported. Right: nothing but the program's own bytes is in
   its files. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void* sleeps(void* nothing) {
  pause();
  return nothing;
}

static int open_one(const char* beginning, const char* end) {
  char path[4096];
  snprintf(path, sizeof path, "%s%s", beginning, end);
  return open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
}

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  close(1);
  close(2);
  const int one = open_one(argv[1], ".one"), two = open_one(argv[1], ".two");
  if (one != 1 || two != 2) return 3;
  if (write(one, "first\n", 6) != 6 || write(two, "second\n", 7) != 7) return 4;
  pthread_t id;
  if (pthread_create(&id, NULL, sleeps, NULL) != 0 || pthread_detach(id) != 0) return 5;
  usleep(20000);
  return 7;
}
