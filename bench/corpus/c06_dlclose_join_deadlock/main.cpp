// SPDX-License-Identifier: Apache-2.0
// Linux' "loader lock": dlclose() runs a plugin's static destructor with the dl lock held; it joins a worker that is
// itself about to dlopen()/dlsym-load => deadlock (Linux twin of spdlog#1183, cpprestsdk#611, OpenBLAS#307).
#include <dlfcn.h>
#include <unistd.h>
#include <cstdio>
#include <string>
int main() {
  char b[512];
  ssize_t n = readlink("/proc/self/exe", b, 511);
  b[n] = 0;
  std::string p(b);
  p = p.substr(0, p.rfind('/')) + "/plugin.so";
  void* h = dlopen(p.c_str(), RTLD_NOW);
  if (!h) {
    puts(dlerror());
    return 9;
  }
  usleep(20000);
  dlclose(h);
  puts("closed");
  return 0;
}
