// SPDX-License-Identifier: Apache-2.0
// A web server in the background, and each of its threads with a defined end: docs/service.md walks through it.
#include "application.hpp"
#include "handlers.hpp"
#include "http_workers.hpp"
#include "last_exit.hpp"
#include "settings.hpp"

#include <curfew/curfew.hpp>
#include <curfew/daemonize.hpp>

#include <httplib.h>

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

void listen(httplib::Server& server, application& app, const settings& options, int& port) {
  server.new_task_queue = [&app] { return new http_workers(app.http); };
  server.set_keep_alive_timeout(1);  // a connection that only stays open holds up the end for no longer
  server.set_read_timeout(5s);
  server.set_write_timeout(2s);  // nor does a client that stops reading
  install_handlers(server, app);
  int socket = -1;
  server.set_socket_options([&socket](socket_t made) {
    const int yes = 1;
    ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    socket = made;
  });
  port = options.port != 0 ? options.port : server.bind_to_any_port("127.0.0.1");
  if ((options.port != 0 && !server.bind_to_port("127.0.0.1", port)) || port < 0)
    throw std::runtime_error("port " + std::to_string(options.port) + " cannot be bound");
  ::listen(socket, 4096);  // the library's own queue has room for five
}

int serve(const settings& options) {
  // First: it forks, so no thread may exist.
  std::optional<curfew::daemonized> background;
  if (options.background)
    background.emplace(curfew::daemonize({.pid_file = (options.folder / "web_server.pid").string(), .directory = ""}));

  curfew::service_notifier manager;
  curfew::exit_on_signals();
  curfew::exit_options exit;
  exit.deadline = options.deadline;
  exit.report = (options.folder / "last_exit.txt").string();
  curfew::set_exit_options(exit);

  // What threads use is declared before the guard, and so it is destroyed after all of them have ended or are frozen.
  application app(options, take_last_exit(exit.report));
  httplib::Server server;
  std::atomic<bool> listens{true};
  curfew::exit_guard guard;

  int port = 0;
  listen(server, app, options, port);
  curfew::thread listener({.name = "listener"}, [&] {
    server.listen_after_bind();
    listens = false;
  });
  curfew::timer clock({.periodic = true, .daemon = true}, 1s, [&] { ++app.ticks; });

  // Last of all what ends it: this runs first when the exit begins, before any thread is waited for.
  curfew::before_wait("drain the listener", [&] {
    curfew::drain_listener({.ready = &app.ready,
                            .pre_stop_delay = options.pre_stop_delay,
                            .stop_accepting =
                                [&] {
                                  // stop() has no effect before it runs.
                                  while (listens && !server.is_running()) std::this_thread::sleep_for(1ms);
                                  server.stop();
                                },
                            .requests = &app.requests,
                            .limit = options.request_limit});
  });

  app.ready.set(true);
  std::printf("listening on http://localhost:%d\n", port);
  std::fflush(stdout);
  manager.ready("listening on port " + std::to_string(port));
  if (background) background->ready();
  return curfew::wait_for_exit();
}

}  // namespace

int main(int argc, char** argv) {
  const settings options = parse(argc, argv);
  try {
    return serve(options);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "web_server: %s\n", e.what());
    return 1;
  }
}
