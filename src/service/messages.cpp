// SPDX-License-Identifier: Apache-2.0
#include "service/messages.hpp"

namespace curfew::inline v1::detail {

void messages::set_state(service_state next) noexcept {
  state_ = next;
  state_unsent_ = true;
  if (next == service_state::reloading) reload_began_ = os::now_steady().time_since_epoch();
}

void messages::set_status(const status_text& text) noexcept {
  if (text.view() == status_.view()) return;
  status_ = text;
  status_unsent_ = true;
}

int messages::flush(const manager_socket& to) noexcept {
  os::small_text<1200> text;
  if (state_unsent_) {
    switch (state_) {
      case service_state::starting:
        break;
      case service_state::ready:
        text << "READY=1\n";
        break;
      case service_state::reloading: {
        const auto began = std::chrono::duration_cast<std::chrono::microseconds>(reload_began_);
        text << "RELOADING=1\nMONOTONIC_USEC=" << began.count() << "\n";
        break;
      }
      case service_state::stopping:
        text << "STOPPING=1\n";
        break;
    }
  }
  if (status_unsent_) text << "STATUS=" << status_.view() << "\n";
  if (extend_by_ > std::chrono::microseconds(0)) text << "EXTEND_TIMEOUT_USEC=" << extend_by_.count() << "\n";
  extend_by_ = {};
  if (text.empty()) return 0;
  const int error = to.send(text.view());
  if (error == 0) state_unsent_ = status_unsent_ = false;
  return error;
}

}  // namespace curfew::inline v1::detail
