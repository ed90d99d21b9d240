// SPDX-License-Identifier: Apache-2.0
// A regular thread that a before-wait hook starts is waited for; so is one that an after-wait hook starts.
//! out: started by a before-wait hook
//! out: started by an after-wait hook
//! out: static destroyed
#include <curfew/exit.hpp>
#include <curfew/thread.hpp>

#include <support/program.hpp>

static curfew_test::speaking last("static destroyed");

static void start(const char* says) {
  curfew::thread([=] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::puts(says);
  }).detach();
}

int main() {
  curfew::before_wait("starts", [] { start("started by a before-wait hook"); });
  curfew::after_wait("starts", [] { start("started by an after-wait hook"); });
}
