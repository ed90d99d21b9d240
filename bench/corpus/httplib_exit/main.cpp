// SPDX-License-Identifier: Apache-2.0
// yhirose/cpp-httplib#2097: std::exit while a server is running / client requests in flight (static locals in the
// header).
#include <httplib.h>
#include <chrono>
#include <thread>
int main() {
  static httplib::Server srv;
  srv.Get("/hi", [](const httplib::Request&, httplib::Response& res) { res.set_content("hello", "text/plain"); });
  int port = srv.bind_to_any_port("127.0.0.1");
  std::thread([] { srv.listen_after_bind(); }).detach();
  for (int t = 0; t < 2; t++)
    std::thread([port] {
      for (;;) {
        httplib::Client c("127.0.0.1", port);
        auto r = c.Get("/hi");
      }
    }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  std::exit(0);
}
