#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Under qemu-user a program that reads /proc/self/task/ID/syscall is told the emulator's system call, not its own.
#
# Expected: the file is translated, as /proc/self/maps is, or refused.
# Seen with qemu-user 1:7.2+dfsg-7+deb12u18+b3, arm64 on x86-64: a thread that sleeps in futex, 98 on arm64, is said to be
# in call 202, x86-64's number of futex. The addresses that follow are the emulator's.
# For whoever tests with qemu-user what a tool reads there (gdb's and crash handlers' "blocked in", curfew's watch): the
# number must be read by the host's table, and a test that passes says nothing of arm64.
set -euo pipefail
packages=(qemu-user=1:7.2+dfsg-7+deb12u18+b3)
if [[ $(uname -m) != x86_64 ]] || ! command -v aarch64-linux-gnu-gcc >/dev/null; then
  echo "needs an x86-64 machine and Debian's gcc-aarch64-linux-gnu"
  exit 77
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -o APT::Sandbox::User=root download "${packages[@]}" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done

cat >sleeper.c <<'SOURCE'
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile long id;
static void* sleeper(void* nothing) {
  id = syscall(SYS_gettid);
  pthread_mutex_lock(&lock);
  return nothing;
}
int main(void) {
  pthread_t thread;
  pthread_mutex_lock(&lock);
  pthread_create(&thread, NULL, sleeper, NULL);
  sleep(1);
  char path[64], text[64] = "";
  snprintf(path, sizeof path, "/proc/self/task/%ld/syscall", id);
  FILE* file = fopen(path, "r");
  if (file != NULL && fscanf(file, "%60s", text) == 1) printf("own futex %d, told %s\n", SYS_futex, text);
  pthread_mutex_unlock(&lock);
  return pthread_join(thread, NULL);
}
SOURCE
aarch64-linux-gnu-gcc -O1 -static -pthread sleeper.c -o sleeper
line=$(root/usr/bin/qemu-aarch64 ./sleeper)
echo "$line"
[[ $line == "own futex 98, told 202" ]]
