// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/embedded/data_directory.hpp"
#include "chain/json.hpp"
#include "config/values.hpp"

namespace quorate::app {

/// The node that `status`, `top` and `doctor` talk to: one of this data directory, or whatever answers at host and
/// port.
struct node_address {
  std::string host;
  int port = 0;
  std::optional<node_record> record;  // empty: found by host and port only
};

/// The node on the port the settings name, else the only one of the data directory. errc::not_found says how to start
/// one, errc::conflict that something else answers there.
result<node_address> find_node(const config::values& settings);

/// What a running node says about itself.
struct node_report {
  node_address where;
  bool ready = false;
  chain::json pool;                                     // dev_getPoolStatus, null when refused
  chain::json actors;                                   // dev_getActors, null when refused
  std::vector<std::pair<std::string, double>> metrics;  // every sample of /metrics: name{labels}, value
  double metric(const std::string& sample) const;       // 0 when absent
  double sum(const std::string& name) const;            // over all labels
};

result<node_report> ask_node(const node_address& node, const std::string& admin_key);

}  // namespace quorate::app
