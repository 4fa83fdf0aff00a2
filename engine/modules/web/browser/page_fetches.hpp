// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "chain/descriptor.hpp"
#include "engine/modules/transport.hpp"

namespace quorate::engine::modules {

/// Exchanges that a page waits for: they run on the transport's thread, and the page's thread takes what they brought.
class page_fetches : public std::enable_shared_from_this<page_fetches> {
 public:
  struct fetched {
    std::string request;  // the browser's number of it
    transport::fetched outcome;
  };

  explicit page_fetches(transport& by);

  /// An eventfd: there is something to take, or stop() was called.
  int waking() const { return waking_.get(); }

  void start(std::string request, transport::exchange what);
  std::vector<fetched> take();

  /// Nobody waits for the page any more. From any thread.
  void stop();
  bool is_stopped() const;

 private:
  void came(std::string request, transport::fetched outcome);
  void wake() const;

  transport& by_;
  chain::descriptor waking_;
  mutable std::mutex mutex_;
  std::vector<fetched> came_{};  // guarded by mutex_, as is_stopped_
  bool is_stopped_ = false;
  std::unordered_map<std::string, transport::id> running_{};  // the transport's thread's own
};

}  // namespace quorate::engine::modules
