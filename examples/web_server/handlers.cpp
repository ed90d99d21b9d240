// SPDX-License-Identifier: Apache-2.0
#include "handlers.hpp"

#include "events.hpp"
#include "page.hpp"

#include <curfew/metrics.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <future>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

constexpr const char* text = "text/plain; charset=utf-8";

void answer(httplib::Response& response, int status, const std::string& body) {
  response.status = status;
  response.set_content(body + "\n", text);
}

/// 201 means: it is on the disk.
void add_entry(application& app, const httplib::Request& request, httplib::Response& response) {
  auto done = app.writer.append(request.body);
  if (done.wait_for(app.options.request_limit) != std::future_status::ready)
    return answer(response, 503, "not known whether it was written");
  try {
    answer(response, 201, std::to_string(done.get()));
  } catch (const std::exception& e) {
    answer(response, 507, e.what());  // a full disk, say: not written
  }
}

int parameter(const httplib::Request& request, const char* name, int otherwise) {
  return request.has_param(name) ? std::clamp(std::atoi(request.get_param_value(name).c_str()), 0, 100'000) : otherwise;
}

/// Tasks that the end of the program finishes, or drops if they have not begun.
void add_tasks(application& app, const httplib::Request& request, httplib::Response& response) {
  const bool skip = request.get_param_value("kind") == "skip";
  const auto each = std::chrono::milliseconds(parameter(request, "ms", 200));
  const int count = parameter(request, "count", 1);
  for (int i = 0; i < count; ++i)
    app.tasks.post(skip ? curfew::at_exit::skip : curfew::at_exit::finish, [&app, skip, each] {
      std::this_thread::sleep_for(each);
      if (skip) ++app.skippable_done;
    });
  answer(response, 202, std::to_string(count));
}

/// The library's, and the server's own.
std::string metrics(application& app) {
  std::string all = curfew::prometheus_text();
  const auto add = [&all](const std::string& name, const char* kind, auto value) {
    all += "# TYPE " + name + " " + kind + "\n" + name + " " + std::to_string(value) + "\n";
  };
  add("web_server_entries_total", "counter", app.writer.written());
  add("web_server_requests_in_flight", "gauge", app.requests.in_flight());
  add("web_server_event_streams", "gauge", app.streams.load());
  return all;
}

}  // namespace

void install_handlers(httplib::Server& server, application& app) {
  using httplib::Request, httplib::Response;
  /// Counted as in flight while it runs.
  const auto counted = [&app](auto handler) {
    return [&app, handler](const Request& request, Response& response) {
      const curfew::request_in_flight here(app.requests);
      handler(request, response);
    };
  };
  const auto file = [&server](const char* path, const char* type, std::string_view content) {
    server.Get(path, [=](const Request&, Response& r) { r.set_content(content.data(), content.size(), type); });
  };
  file("/", "text/html; charset=utf-8", page::html);
  file("/style.css", "text/css", page::css);
  file("/page.js", "text/javascript", page::script);
  server.Get("/events", [&app](const Request&, Response& r) { serve_events(app, r); });

  server.Get("/healthz", [](const Request&, Response& r) { answer(r, 200, "alive"); });
  server.Get("/readyz", [&app](const Request&, Response& r) {
    app.ready ? answer(r, 200, "ready") : answer(r, 503, "not ready");
  });
  server.Get("/metrics",
             [&app](const Request&, Response& r) { r.set_content(metrics(app), "text/plain; version=0.0.4"); });

  server.Post("/entries", counted([&app](const Request& q, Response& r) { add_entry(app, q, r); }));
  server.Post("/tasks", counted([&app](const Request& q, Response& r) { add_tasks(app, q, r); }));
  // For trying out an exit: a request that takes its time, and one that never ends.
  server.Get("/slow", counted([](const Request& q, Response& r) {
               std::this_thread::sleep_for(std::chrono::milliseconds(parameter(q, "ms", 3000)));
               answer(r, 200, "done");
             }));
  server.Get("/stuck", counted([](const Request&, Response&) {
               for (;;) std::this_thread::sleep_for(1h);
             }));
}
