// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "rpc/detail/core.hpp"
#include "rpc/endpoint.hpp"
#include "rpc/socket_message.hpp"

namespace quorate::rpc::detail {

/// One WebSocket: rooms by name, JSON-RPC through the dispatcher, and the subscriptions of eth_subscribe.
class socket_conversation final : public conversation,
                                  public subscriber,
                                  public std::enable_shared_from_this<socket_conversation> {
 public:
  /// `calls` outlives it until `end`.
  socket_conversation(endpoint& calls, std::shared_ptr<const core> with, caller who, std::shared_ptr<voice> to);

  /// Joins the broadcast room and says `connect`.
  void greet();
  std::shared_ptr<pending> receive(std::string text, std::function<void()> done) override;
  void receive_binary() override;
  void end() override;

  result<std::string> subscribe(actors::feed of, actors::log_filter filter) override;
  bool unsubscribe(const std::string& id) override;

 private:
  /// A subscription whose name the client does not know yet.
  struct announced {
    std::string id;
    actors::feed of;
    actors::log_filter filter;
  };

  std::shared_ptr<pending> call(std::string text, std::function<void()> done);
  void answered(const reply& r);
  void join(const std::vector<std::string>& topics);
  void leave(const std::vector<std::string>& topics);
  void complain(std::string_view words) { to_->answer(event_words("error", words)); }

  endpoint& calls_;
  const std::shared_ptr<const core> owner_;
  const core& with_;
  const caller who_;
  const std::shared_ptr<voice> to_;
  bool has_spoken_ = false;
  std::unordered_set<std::string> rooms_;

  std::mutex mutex_;
  // Under the mutex:
  std::vector<announced> announced_;
  std::unordered_set<std::string> subscriptions_;
  bool ended_ = false;
};

}  // namespace quorate::rpc::detail
