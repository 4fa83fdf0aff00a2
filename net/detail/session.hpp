// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "net/detail/client_address.hpp"
#include "net/detail/connection.hpp"
#include "net/detail/request_reader.hpp"
#include "net/detail/response.hpp"
#include "rpc/endpoint.hpp"

namespace quorate::net::detail {

struct context;

/// One connection: reads requests, hands them to the endpoint, and writes the replies in the order of the requests,
/// however the replies come. A socket without Beast's stream timers (they cost a tenth of the throughput): the sweep
/// looks at all deadlines a few times a second. Lives on the io thread.
class session final : public connection, public std::enable_shared_from_this<session> {
 public:
  using executor = boost::asio::io_context::executor_type;
  using socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;

  session(socket s, const ip_bytes& peer, context& shared);

  void start();
  /// A reply from the outbox. It goes out with the next `pump`.
  void deliver(std::uint64_t slot_id, const std::optional<rpc::reply>& answer) override;
  /// Takes requests that may start, writes what is ready, reads on. An exception costs this connection alone.
  void pump() override;
  void sweep(time_point now) override;
  void drain() override;
  /// Abandons what is in work and gives the socket up. The session leaves the table.
  void close() override;

 private:
  /// A request whose reply has not gone out yet.
  struct slot {
    std::uint64_t id = 0;
    bool ready = false;
    bool last = false;  // the connection ends after this reply
    bool http_1_0 = false;
    bool is_head = false;
    std::string request_id;
    std::string cors;
    std::string text;  // the rendered reply of a slot that is ready but not first
    std::shared_ptr<rpc::pending> running;
  };
  enum class phase : std::uint8_t { head, body, idle, working, lingering };
  enum class halt : std::uint8_t { starved, pipeline_full, output_full, ended };

  void work();
  void fail_with(const std::exception& e);

  // Requests and replies: session_requests.cpp
  halt take_requests();
  void start_request();
  void call(slot s);
  /// The socket becomes a WebSocket, if it may.
  void upgrade(slot s);
  rpc::caller take_caller(const std::string& request_id);
  template <class Start>
  void begin(slot s, Start start);
  slot new_slot();
  void refuse(int status);
  void promise_continue();
  /// `more`: whole header lines.
  void finish(slot s, const rpc::reply& reply, std::string_view allow = {}, std::string_view location = {},
              std::string_view more = {});
  void append_reply(std::string& out, const slot& s, bool newest, const rpc::reply& reply, std::string_view allow = {},
                    std::string_view location = {});

  // Socket
  std::size_t waiting_input() const { return input_.size() - used_; }
  void append_input(std::size_t n);
  bool is_alone() const;
  void read_on();
  void on_read(const boost::system::error_code& ec, std::size_t n);
  void flush();
  void write_rest();
  void on_written(const boost::system::error_code& ec, std::size_t n);
  void end_after_last_reply();
  void on_input_end(bool orderly);

  // Deadlines
  void set_phase();
  void enter(phase p);
  bool in_middle_of_request() const;

  socket socket_;
  context& shared_;
  const ip_bytes peer_;

  request_reader reader_;
  // A read fills `arriving_`, which nothing else touches meanwhile; what has arrived waits in `input_` from `used_` on.
  std::unique_ptr<char[]> arriving_;
  std::size_t arriving_size_ = 0;
  std::string input_;
  std::size_t used_ = 0;
  std::deque<slot> slots_;
  std::uint64_t next_slot_ = 1;

  std::string output_;   // ready, not yet given to the socket
  std::string sending_;  // what an asynchronous write is sending
  std::size_t sent_ = 0;
  std::size_t sent_at_deadline_ = 0;
  std::size_t lingered_ = 0;

  bool reading_ = false;
  bool writing_ = false;
  bool taking_ = true;      // further requests are served
  bool continued_ = false;  // 100 Continue was sent for the request being read
  bool had_request_ = false;
  bool input_ended_ = false;
  bool closed_ = false;
  phase phase_ = phase::head;
  time_point deadline_;
  time_point write_deadline_;
};

}  // namespace quorate::net::detail
