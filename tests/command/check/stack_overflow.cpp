// SPDX-License-Identifier: Apache-2.0
//! error crashed-during-exit
//! status 139
//! says "by SIGSEGV while the destructor of `head` (stack_overflow.cpp:17) ran"
// A long list is freed by recursion, and there is no stack left to notice that on.
#include <memory>

struct node {
  std::unique_ptr<node> next;
  ~node() {
    volatile char room[300]{};
    room[0] = room[1];
    next.reset();
  }
};

static std::unique_ptr<node> head;

int main() {
  for (int i = 0; i < 100'000; ++i) {
    auto one = std::make_unique<node>();
    one->next = std::move(head);
    head = std::move(one);
  }
}
