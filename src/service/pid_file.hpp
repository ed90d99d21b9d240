// SPDX-License-Identifier: Apache-2.0
// The file that says that a daemon runs: by its lock, not by being there.
#pragma once

#include <curfew/forward.hpp>

#include <string>
#include <string_view>

namespace curfew::inline v1::detail {

/// Locks the file, and empties it. Errors: as `daemonize`. The lock survives a fork: it belongs to the open file.
class pid_file {
 public:
  explicit pid_file(std::string_view path);
  ~pid_file();
  pid_file(const pid_file&) = delete;
  pid_file& operator=(const pid_file&) = delete;

  /// In the daemon: writes its id, and from now on the lock is held until the process is gone. The file is removed by
  /// an exit handler.
  void keep();

 private:
  std::string path_;  ///< absolute
  int fd_ = -1;
};

}  // namespace curfew::inline v1::detail
