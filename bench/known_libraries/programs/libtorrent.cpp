// SPDX-License-Identifier: Apache-2.0
// A session that has not been destroyed.
//! library: libtorrent-rasterbar
//! packages: libtorrent-rasterbar-dev
//! flags: $(pkg-config --cflags --libs libtorrent-rasterbar)
#include <chrono>
#include <libtorrent/session.hpp>
#include <libtorrent/settings_pack.hpp>
#include <thread>

int main() {
  lt::settings_pack options;
  options.set_str(lt::settings_pack::listen_interfaces, "127.0.0.1:0");
  options.set_bool(lt::settings_pack::enable_dht, false);
  options.set_bool(lt::settings_pack::enable_lsd, false);
  options.set_bool(lt::settings_pack::enable_upnp, false);
  options.set_bool(lt::settings_pack::enable_natpmp, false);
  auto* const session = new lt::session(options);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
#ifdef ENDED
  delete session;
#endif
  return session == nullptr;
}
