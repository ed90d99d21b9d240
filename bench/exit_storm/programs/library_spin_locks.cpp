// SPDX-License-Identifier: Apache-2.0
// Locks of the C++ library that are no mutexes and are inlined into the program: std::atomic<std::shared_ptr> and a
// stop state's. Daemons use them all the time, a destructor does, and none of them is frozen inside one.
#include "storm.hpp"

#include <memory>
#include <optional>
#include <stop_token>

static std::atomic<std::shared_ptr<int>> shared{std::make_shared<int>(1)};
static std::stop_source source;
static std::optional<std::stop_callback<void (*)()>> callback;

struct uses_them {
  ~uses_them() {
    shared.load();
    shared.exchange(nullptr);
    callback.reset();
    source.request_stop();
    storm::keep("user", 1);
    storm::expect("user", 1);
  }
};
static const uses_them user;

int main() {
  callback.emplace(source.get_token(), [] {});
  storm::daemons(2, [] {
    const auto copy = shared.load();
    if (copy != nullptr) shared.store(std::make_shared<int>(*copy + 1));
  });
  storm::daemons(2, [] { const std::stop_callback<void (*)()> mine(source.get_token(), [] {}); });
  return storm::end();
}
