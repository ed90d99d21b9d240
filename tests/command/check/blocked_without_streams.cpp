// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked done
//! status 5
// A program that never constructed std::cout is ended when its exit blocks: by its status, not by a crash.
#include <unistd.h>

#include <latch>

struct service {
  std::latch* done;
  ~service() { done->wait(); }
};
static std::latch done{1};
static service only{&done};

int main() { return 5; }
