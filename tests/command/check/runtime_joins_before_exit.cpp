// SPDX-License-Identifier: Apache-2.0
//! error exit-blocked
// Node.js joins its threads before it calls exit, and one of them does not end. The name stands for its function.
#include <unistd.h>

#include <thread>

namespace node {
class Environment;
enum class ExitCode : int;
[[gnu::visibility("default")]] void DefaultProcessExitHandlerInternal(Environment*, ExitCode) {
  std::thread([] { ::pause(); }).join();
}
}  // namespace node

int main() { node::DefaultProcessExitHandlerInternal(nullptr, node::ExitCode{}); }
