// SPDX-License-Identifier: Apache-2.0
#include "events.hpp"

#include "snapshot.hpp"

#include <curfew/exit.hpp>

#include <chrono>
#include <string>
#include <thread>

using namespace std::chrono_literals;

namespace {

/// Each holds a worker: some are left for requests.
bool has_room(application& app) { return app.streams.load() < static_cast<unsigned>(app.options.workers) / 2; }

bool write(httplib::DataSink& to, const std::string& text) { return to.write(text.data(), text.size()); }

/// In one call of the provider: between calls cpp-httplib looks whether it was told to stop, and cuts the stream.
void stream(application& app, httplib::DataSink& to) {
  // A reader that does not read ends it, by the server's limit on writes.
  while (write(to, "data: " + snapshot(app) + "\n\n")) {
    // The end of the program waits for this worker, so that the page shows the drain to its end.
    if (curfew::exit_phase() >= curfew::phase::draining && app.work_left() == 0) {
      write(to, "event: gone\ndata: {}\n\n");
      to.done();
      return;
    }
    std::this_thread::sleep_for(curfew::exit_requested() ? 100ms : 500ms);
  }
}

}  // namespace

void serve_events(application& app, httplib::Response& response) {
  if (!has_room(app)) {
    response.status = 503;
    return;
  }
  ++app.streams;
  response.set_header("Cache-Control", "no-store");
  response.set_chunked_content_provider(
      "text/event-stream",
      [&app](std::size_t, httplib::DataSink& to) {
        stream(app, to);
        return false;
      },
      [&app](bool) { --app.streams; });
}
