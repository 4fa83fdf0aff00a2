// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include "actors/metrics.hpp"

namespace quorate::net::detail {

/// Why a request or a connection was not served.
enum class refused : unsigned {
  connections,              // all connections are taken
  connections_per_address,  // this address has its share
  descriptors,              // the process has no file descriptor left; accepting backs off
  head_too_large,
  body_too_large,
  bad_request,
  head_timeout,
  body_timeout,
  write_timeout,
  reasons  // how many there are
};

/// The server's metrics, looked up once. Counting needs no lock.
class counters {
 public:
  explicit counters(actors::metrics::registry& registry);

  void answered(int status) { by_code(status).add(); }
  void refuse(refused why) { refused_[static_cast<unsigned>(why)]->add(); }

  actors::metrics::gauge& connections;
  actors::metrics::counter& request_bytes;
  actors::metrics::counter& response_bytes;

 private:
  actors::metrics::counter& by_code(int status);

  actors::metrics::registry& registry_;
  std::array<actors::metrics::counter*, 500> by_status_{};  // 100 … 599, made when first seen
  std::array<actors::metrics::counter*, static_cast<unsigned>(refused::reasons)> refused_{};
};

}  // namespace quorate::net::detail
