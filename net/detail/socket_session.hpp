// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "net/detail/connection.hpp"
#include "net/detail/counters.hpp"
#include "net/detail/outlet.hpp"
#include "net/detail/request_reader.hpp"
#include "net/detail/session.hpp"
#include "rpc/endpoint.hpp"

namespace quorate::net::detail {

struct context;

/// One WebSocket, from the upgrade on. Beast does the protocol; this class reads messages while there is room for their
/// answers, writes what waits in the outlet one message after another, and keeps all deadlines by the sweep. Lives on
/// the io thread.
class socket_session final : public connection, public std::enable_shared_from_this<socket_session> {
 public:
  socket_session(session::socket s, std::string peer, rpc::caller who, context& shared);
  ~socket_session() override;

  /// Answers the handshake that `head` holds.
  void start(const request_head& head);

  void deliver(std::uint64_t, const std::optional<rpc::reply>&) override {}
  void pump() override;
  void sweep(time_point now) override;
  /// Says 1001 when no call is in work any more.
  void drain() override;
  void close() override { close_because(closed_because::shutdown); }

 private:
  struct stream;  // Beast's
  enum class phase : std::uint8_t { handshake, open, closing, closed };
  /// Close codes of RFC 6455 §7.4.1.
  enum class code : std::uint16_t { going_away = 1001, policy = 1008, failure = 1011 };

  template <class Step>
  void guarded(Step step);
  void work();

  /// What the handshake was answered with.
  void on_accepted(int status);
  void read_on();
  void on_read(bool ended, bool broken, std::size_t n);
  void on_message();
  void take_messages();
  bool has_room() const;
  void write_on();
  void on_written(bool ok);
  /// Says goodbye; the socket goes when the client has answered, or soon.
  void end(code why, std::string_view words, closed_because count);
  void close_because(closed_because why);
  void heard();
  bool is_quiet() const { return running_.empty() && waiting_.empty() && outlet_->empty(); }

  const std::unique_ptr<stream> stream_;
  context& shared_;
  rpc::caller who_;
  std::shared_ptr<outlet> outlet_;
  std::shared_ptr<rpc::conversation> talk_;

  phase phase_ = phase::handshake;
  bool reading_ = false;
  bool writing_ = false;
  bool pinged_ = false;   // since it was last heard of
  bool pinging_ = false;  // a ping is still on its way out
  bool draining_ = false;
  bool in_message_ = false;  // a part of one has come
  closed_because why_ = closed_because::client;

  std::deque<std::string> waiting_;  // messages that nobody has looked at yet
  std::size_t waiting_bytes_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<rpc::pending>> running_;
  std::uint64_t next_call_ = 1;
  outlet::text_ptr sending_;

  time_point deadline_;        // of the handshake, or of the goodbye
  time_point read_deadline_;   // of the message that is coming
  time_point write_deadline_;  // of the message that is going
  time_point last_heard_;
};

}  // namespace quorate::net::detail
