// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "actors/metrics.hpp"
#include "actors/reads.hpp"
#include "actors/request.hpp"
#include "rpc/endpoint.hpp"
#include "rpc/method.hpp"
#include "rpc/settings.hpp"

namespace quorate::rpc {

/// What answers GET on one path: calls its argument exactly once, at once or later, from any thread.
using get_route = std::function<void(endpoint::done_function)>;
using get_routes = std::map<std::string, get_route, std::less<>>;

/// From the body of a POST to its reply: reads the envelope, binds and gates each call, runs it the way its method
/// declares (docs/design.md §2), and counts and logs it. Immediate methods are answered on the spot; key reads go to
/// the read gateway without an actor; everything else gets a request actor from the front.
class dispatcher final : public endpoint {
 public:
  /// The table is copied. Reads, front and metrics must outlive every call, also one that was abandoned.
  struct parts {
    const method_table& methods;
    rpc::settings settings;
    actors::reads& reads;
    actors::front& front;
    actors::metrics::registry& metrics;
    get_routes routes = {};
    std::string request_id_prefix = {};  // makes ids unique among processes
    std::function<actors::time_point()> now = [] { return actors::clock::now(); };
    actors::events* events = nullptr;  // of the same life as the others; without them, sockets hear replies only
  };
  explicit dispatcher(parts p);
  ~dispatcher() override;

  started post(std::string body, caller who, done_function done) override;
  started get(std::string_view path, done_function done) override;
  std::shared_ptr<conversation> converse(caller who, std::shared_ptr<voice> to) override;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace quorate::rpc
