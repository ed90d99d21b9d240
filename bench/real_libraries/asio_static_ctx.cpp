// SPDX-License-Identifier: Apache-2.0
// A static io_context run by two background threads, as programs with "an I/O thread" have it. Its destructor frees the
// scheduler under them, or waits for ever in pthread_cond_destroy for the one that waits there.
#include "background.hpp"
#include "witness.hpp"

#include <asio.hpp>

#include <chrono>
#include <memory>
#include <thread>

static asio::io_context io;

static void tick(const std::shared_ptr<asio::steady_timer>& timer) {
  timer->expires_after(std::chrono::microseconds(20));
  timer->async_wait([timer](const asio::error_code& error) {
    if (error) return;
    witness::step(0);
    tick(timer);
  });
}

int main(int argc, char** argv) {
  witness::begin(argc, argv);
  for (int i = 0; i < 50; ++i) tick(std::make_shared<asio::steady_timer>(io));
  for (int t = 0; t < 2; ++t) run_in_background([] { io.run(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  witness::main_returns();
}
