// SPDX-License-Identifier: Apache-2.0
// A library whose constructor ends the program.
#include <cstdlib>

namespace {

struct ends_all {
  ends_all() { std::exit(3); }
};
const ends_all at_once;

}  // namespace
