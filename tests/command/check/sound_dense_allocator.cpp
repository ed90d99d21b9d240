// SPDX-License-Identifier: Apache-2.0
//! nothing
//! prints "every block is as it was"
// The exit frees most of the blocks on every fifth page, then uses the others there and on the pages between.
#include <cstdio>
#include <cstdlib>

namespace {

struct node {
  long values[4];
};
constexpr long count = 128L * 1024;  // 128 on a page
bool is_freed(long i) { return i / 128 % 5 == 0 && i % 16 != 15; }

struct nodes {
  node* all[count];
  nodes() {
    for (long i = 0; i < count; ++i) {
      all[i] = static_cast<node*>(std::malloc(sizeof(node)));
      all[i]->values[0] = i;
    }
  }
  ~nodes() {
    for (long i = 0; i < count; ++i)
      if (is_freed(i)) std::free(all[i]);
    std::atexit([] {
      long wrong = 0;
      for (long i = 0; i < count; ++i)
        if (!is_freed(i)) wrong += kept[i]->values[0] != i;
      std::puts(wrong == 0 ? "every block is as it was" : "some block is not as it was");
    });
  }
  static node** kept;
};
node** nodes::kept = nullptr;

}  // namespace

int main() {
  static nodes these;
  nodes::kept = new node*[count];
  for (long i = 0; i < count; ++i) nodes::kept[i] = these.all[i];
}
