// SPDX-License-Identifier: Apache-2.0
// Daemons that first build function-local statics while the program ends, with destructors and without; a static
// destructor uses the same ones, and so wants their guards.
#include "storm.hpp"

#include <utility>

static std::string build() {
  storm::compute(5000);
  return std::string(40, 'v');
}

template <int N>
static std::size_t use() {
  static const std::string& kept = *new std::string(build());
  return kept.size();
}

template <int N>
static void use_destroyed() {
  static std::string destroyed = build();
}

template <int... Ns>
static std::size_t use_all(std::integer_sequence<int, Ns...>) {
  return (use<Ns>() + ...);
}

template <int... Ns>
static void use_all_destroyed(std::integer_sequence<int, Ns...>) {
  (use_destroyed<Ns>(), ...);
}

using hundred = std::make_integer_sequence<int, 100>;

struct saver {
  ~saver() {
    if (use_all(hundred()) != 4000) std::abort();
  }
};
static const saver saves_at_the_end;

int main() {
  storm::daemons(2, [] {
    use_all(hundred());
    use_all_destroyed(hundred());
  });
  return storm::end();
}
