// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rpc/dispatcher.hpp"
#include "tests/common/fake_runtime.hpp"

namespace quorate::tests {

/// The real dispatcher over a small table of its own and fake actors. The methods are those of the JSON-RPC 2.0
/// specification's examples (subtract, sum, update, get_data, notify_hello, notify_sum) and one of each kind:
/// `balance` (keyed read), `code` (keyed read of a large row), `count` (unit), `list` (unit that returns rows), `walk`
/// (steps), `follow` and `unfollow` (pending hashes, of a socket), `boom` (throws), `closed` (admin), `echo` (any one
/// value).
class demo_server {
 public:
  explicit demo_server(rpc::settings settings = {});

  /// Posts, and expects the reply at once.
  rpc::reply post(std::string body, rpc::caller who = {});
  /// Posts; the reply arrives in `later` when it comes.
  rpc::endpoint::started start(std::string body, std::optional<rpc::reply>& later);
  /// The reply's body as JSON; null when there is none.
  chain::json ask(std::string body);

  std::uint64_t calls(const std::string& method, const std::string& outcome);

  actors::metrics::registry metrics;
  fake_reads reads;
  fake_front front;
  fake_events events;
  actors::time_point now{};
  std::vector<std::string> heard;  // what the notify_ methods were told
  int formatted = 0;               // how often `list` made text of its rows
  rpc::method_table methods;
  std::optional<rpc::dispatcher> dispatcher;

 private:
  rpc::method list();
};

}  // namespace quorate::tests
