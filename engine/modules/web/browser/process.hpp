// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "chain/descriptor.hpp"
#include "chain/result.hpp"

namespace quorate::engine::modules {

/// Debian's Chromium, or empty: there is none.
std::string find_browser();

/// A Chromium for one page, gone with this object. It lives in namespaces of its own, one of them a network without any
/// way out: whatever a page tries, only what devtools gives it comes in. Under root it has a user of its own. Chromium
/// puts its sandbox around the page, and does not start where it cannot.
class browser_process {
 public:
  /// errc::internal: the kernel gives no such namespaces, or there are no descriptors left.
  static result<std::unique_ptr<browser_process>> start(const std::string& program);
  ~browser_process();
  browser_process(const browser_process&) = delete;
  browser_process& operator=(const browser_process&) = delete;

  /// Its end of the DevTools protocol, a socket that does not block.
  int channel() const { return channel_.get(); }

 private:
  browser_process(std::string folder, chain::descriptor channel)
      : folder_{std::move(folder)}, channel_{std::move(channel)} {}

  std::string folder_;  // its profile
  chain::descriptor channel_;
  pid_t pid_ = -1;
};

}  // namespace quorate::engine::modules
