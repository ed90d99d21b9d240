// SPDX-License-Identifier: Apache-2.0
// A daemon that writes a journal. A shield around each entry keeps the exit from cutting an entry in two.
#include <curfew/exit.hpp>
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

static std::FILE* const journal = std::tmpfile();
static curfew::event first_entry_begun;

static void keep_journal() {
  for (int entry = 1;; ++entry) {
    curfew::shield s;
    if (!s) return;  // the exit has asked the daemons to stop: do not begin another entry
    std::fprintf(journal, "begin %d\n", entry);
    first_entry_begun.set();
    std::this_thread::sleep_for(20ms);  // an exit that comes here waits for the end of this block
    std::fprintf(journal, "end %d\n", entry);
  }
}

// A static destructor: it runs when the daemon has been frozen, and reads what the daemon wrote.
struct audit {
  ~audit() {
    int begun = 0, ended = 0, number = 0;
    std::rewind(journal);
    for (char word[8]; std::fscanf(journal, "%7s %d", word, &number) == 2;) ++(word[0] == 'b' ? begun : ended);
    std::printf("journal: %s\n", begun > 0 && begun == ended ? "every entry is whole" : "an entry is cut in two");
  }
};
static audit at_the_end;

int main() {
  curfew::thread writer({.name = "journal", .daemon = true}, keep_journal);
  first_entry_begun.wait();
  std::puts("main: returns");  // in the middle of an entry
}
