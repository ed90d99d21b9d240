// SPDX-License-Identifier: Apache-2.0
// CONTROL: static jthread, stop token honoured, final record written in the destructor's join. Correct today; must stay
// so.
#include <unistd.h>
#include <cstdio>
#include <thread>
static FILE* out;
struct W {
  std::jthread t;
  ~W() {
    t.request_stop();
    t.join();
    fprintf(out, "rec end\n");
    fclose(out);
  }
};
static W w;
int main(int c, char** v) {
  out = fopen(c > 1 ? v[1] : "/dev/null", "w");
  w.t = std::jthread([](std::stop_token st) {
    int i = 0;
    while (!st.stop_requested()) {
      usleep(200);
    }
    for (; i < 100; i++) fprintf(out, "rec %d\n", i);
  });
  usleep(3000);
  return 0;
}
