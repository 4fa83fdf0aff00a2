// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "rpc/detail/call_events.hpp"
#include "rpc/detail/core.hpp"
#include "rpc/endpoint.hpp"
#include "rpc/envelope.hpp"

namespace quorate::rpc::detail {

/// One HTTP request in work: its calls run at the same time, each answers into its own place, and the last one to
/// finish puts the replies together in the order of the request.
class exchange final : public pending, public std::enable_shared_from_this<exchange> {
 public:
  exchange(std::shared_ptr<core> c, caller who, rpc::request request, endpoint::done_function done);

  /// Starts every call. The reply if all of them finished on the way; otherwise `done` gets it later.
  std::optional<reply> run();
  void abandon() override;

 private:
  struct running_call {
    entry asked;
    known_method* method = nullptr;
    std::optional<call> bound;
    actors::time_point started;
    bool admitted = false;     // holds a place of the front
    bool turned_away = false;  // shed before any work
    rpc::outcome outcome = rpc::outcome::ok;
    std::string answer;  // the envelope; empty for a notification
    std::atomic<bool> finished{false};
    std::optional<call_trail> trail;              // somebody listens for what becomes of it
    std::shared_ptr<actors::call_ticket> ticket;  // under tickets_
  };

  void start(running_call& c);
  /// Unknown method, load shedding, arguments, gate and types, in this order.
  status bind(running_call& c);
  status admit(running_call& c);
  void dispatch(running_call& c, const immediate& h);
  void dispatch(running_call& c, const keyed_read& h);
  void render(running_call& c, const keyed_read& h, db::read_value value);
  void dispatch(running_call& c, const unit& h);
  void dispatch(running_call& c, const steps& h);
  void spawn(running_call& c, std::function<void(actors::request_context&)> body);

  /// The first answer of a call counts.
  void finish(running_call& c, result<json_text> value);
  void leave(running_call& c);
  void report(const running_call& c, const error* e) const;
  bool last_of_all() { return open_.fetch_sub(1, std::memory_order_acq_rel) == 1; }
  reply assemble();

  const std::shared_ptr<core> owner_;
  core& core_;
  caller who_;
  bool batch_;
  std::vector<running_call> calls_;
  std::atomic<std::size_t> open_;     // calls without an answer, and run() itself while it starts them
  std::atomic<bool> settled_{false};  // the reply was handed over, or nobody wants it any more
  endpoint::done_function done_;
  std::mutex tickets_;
};

}  // namespace quorate::rpc::detail
