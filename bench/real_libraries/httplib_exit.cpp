// SPDX-License-Identifier: Apache-2.0
// cpp-httplib keeps regular expressions in function-local statics of its header. `main` calls std::exit while a server
// runs and two clients are in the middle of requests. Reported as yhirose/cpp-httplib#2097.
//
// The clients' fault is that of the other programs: they become daemons. The server's is another. It answers from a
// pool of the library's own threads, which nobody but the server can end; so its thread is a regular one, which the end
// of the program waits for, and a hook tells it to stop before that.
#include "background.hpp"
#include "witness.hpp"

#include <httplib.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#ifdef WITH_CURFEW

#include <curfew/exit.hpp>

static void serve(httplib::Server& server) {
  curfew::before_wait("stop the server", [&server] {
    // stop() before the server runs has no effect.
    for (int tries = 0; !server.is_running() && tries < 3000; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    server.stop();
  });
  curfew::thread([&server] { server.listen_after_bind(); });
}

#else

static void serve(httplib::Server& server) {
  std::thread([&server] { server.listen_after_bind(); }).detach();
}

#endif

int main(int argc, char** argv) {
  witness::begin(argc, argv);
  static httplib::Server server;
  server.Get("/hi", [](const httplib::Request&, httplib::Response& r) { r.set_content("hello", "text/plain"); });
  const int port = server.bind_to_any_port("127.0.0.1");
  serve(server);
  for (int t = 0; t < witness::background_threads; ++t) {
    run_in_background([port, t] {
      for (;;) {
        httplib::Client client("127.0.0.1", port);
        client.Get("/hi");
        witness::step(t);
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  witness::main_returns();
  std::exit(0);
}
