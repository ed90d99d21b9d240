// SPDX-License-Identifier: Apache-2.0
//! error freed-at-exit-used
// An exit handler frees a list; a detached thread goes on walking it.
#include <chrono>
#include <cstdlib>
#include <thread>

struct node {
  node* volatile next;
};
static node* volatile head;

int main() {
  head = new node{nullptr};
  head->next = head;
  std::atexit([] { delete head; });
  std::thread([] {
    for (node* at = head;; at = at->next) std::this_thread::sleep_for(std::chrono::microseconds(100));
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
}
