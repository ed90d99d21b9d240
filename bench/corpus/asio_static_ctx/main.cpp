// SPDX-License-Identifier: Apache-2.0
// standalone Asio: static io_context run by a detached thread while main returns (very common "background io thread").
#include <asio.hpp>
#include <chrono>
#include <memory>
#include <thread>
static asio::io_context io;
static void tick(std::shared_ptr<asio::steady_timer> t) {
  t->expires_after(std::chrono::microseconds(20));
  t->async_wait([t](auto ec) {
    if (!ec) tick(t);
  });
}
int main() {
  for (int i = 0; i < 50; i++) tick(std::make_shared<asio::steady_timer>(io));
  for (int i = 0; i < 2; i++) std::thread([] { io.run(); }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return 0;
}
