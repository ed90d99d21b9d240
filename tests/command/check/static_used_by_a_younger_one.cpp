// SPDX-License-Identifier: Apache-2.0
//! error static-used-after-destruction log_text
// No thread at all: an older object's destructor uses a younger one, which is gone by then.
#include <string>

struct service {
  ~service();
};
static service first;
static std::string log_text(100, 'l');

service::~service() { log_text += "service ended"; }

int main() {}
