// SPDX-License-Identifier: MIT
#include "tests/common/socket_client.hpp"

#include <algorithm>
#include <deque>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

namespace quorate::tests {

namespace {

namespace asio = boost::asio;
namespace socket_protocol = boost::beast::websocket;
using steady_time = std::chrono::steady_clock;

}  // namespace

struct socket_client::impl {
  explicit impl(socket_options o) : options(std::move(o)) {}

  /// Runs until `holds`; false when that took longer than `wait`.
  template <class Condition>
  bool run(Condition holds, std::chrono::milliseconds wait) {
    const auto end = steady_time::now() + wait;
    while (!holds()) {
      io.restart();
      if (io.run_one_until(end) == 0 && steady_time::now() >= end) return holds();
    }
    return true;
  }

  /// Starts an operation and waits for its end.
  template <class Start>
  void finish(const char* what, Start start) {
    std::optional<boost::system::error_code> ended;
    start([&](const boost::system::error_code& ec, auto&&...) { ended = ec; });
    if (!run([&] { return ended.has_value(); }, options.patience)) throw error(std::string(what) + ": no end");
    if (*ended) throw error(std::string(what) + ": " + ended->message());
  }

  void read_on() {
    if (reading || over) return;
    reading = true;
    ws.async_read(buffer, [this](const boost::system::error_code& ec, std::size_t) {
      reading = false;
      if (ec) {
        over = true;
        code = ec == socket_protocol::error::closed ? static_cast<std::uint16_t>(ws.reason().code) : 1006;
        reason = std::string(ws.reason().reason.data(), ws.reason().reason.size());
        return;
      }
      arrived.push_back(boost::beast::buffers_to_string(buffer.data()));
      buffer.consume(buffer.size());
    });
  }

  std::optional<std::string> next(std::chrono::milliseconds wait) {
    if (arrived.empty()) read_on();
    run([this] { return !arrived.empty() || over; }, wait);
    if (arrived.empty()) return std::nullopt;
    auto text = std::move(arrived.front());
    arrived.pop_front();
    return text;
  }

  socket_options options;
  asio::io_context io;
  socket_protocol::stream<asio::ip::tcp::socket> ws{io};
  boost::beast::flat_buffer buffer;
  std::deque<std::string> arrived;
  bool reading = false, over = false, compressed = false;
  std::uint16_t code = 0;
  std::string reason;
};

socket_client::socket_client(std::uint16_t port, socket_options options)
    : impl_(std::make_unique<impl>(std::move(options))) {
  auto& c = *impl_;
  auto& tcp = c.ws.next_layer();
  tcp.open(asio::ip::tcp::v4());
  if (c.options.receive_buffer > 0) tcp.set_option(asio::socket_base::receive_buffer_size(c.options.receive_buffer));
  tcp.connect({asio::ip::make_address("127.0.0.1"), port});
  socket_protocol::permessage_deflate deflate;
  deflate.client_enable = c.options.compress;
  c.ws.set_option(deflate);
  c.ws.set_option(socket_protocol::stream_base::decorator([&](socket_protocol::request_type& request) {
    for (const auto& [name, value] : c.options.headers) request.set(name, value);
  }));
  socket_protocol::response_type answer;
  try {
    c.finish("handshake", [&](auto done) { c.ws.async_handshake(answer, "127.0.0.1", c.options.target, done); });
  } catch (const error& e) {
    if (answer.result_int() != 101) throw error("status " + std::to_string(answer.result_int()));
    throw;
  }
  c.compressed = answer.count("Sec-WebSocket-Extensions") != 0;
  c.ws.text(true);
}

socket_client::~socket_client() = default;
socket_client::socket_client(socket_client&&) noexcept = default;
socket_client& socket_client::operator=(socket_client&&) noexcept = default;

void socket_client::send(const std::string& text) {
  impl_->ws.text(true);
  impl_->finish("send", [&](auto done) { impl_->ws.async_write(asio::buffer(text), done); });
}

void socket_client::send_binary(const std::string& bytes) {
  impl_->ws.binary(true);
  impl_->finish("send", [&](auto done) { impl_->ws.async_write(asio::buffer(bytes), done); });
}

void socket_client::send_raw(const std::string& bytes) {
  impl_->finish("send", [&](auto done) { asio::async_write(impl_->ws.next_layer(), asio::buffer(bytes), done); });
}

std::string socket_client::receive() {
  auto text = impl_->next(impl_->options.patience);
  if (text) return std::move(*text);
  throw error(impl_->over ? "closed with " + std::to_string(impl_->code) + ' ' + impl_->reason : "nothing came");
}

std::optional<std::string> socket_client::receive_within(std::chrono::milliseconds wait) { return impl_->next(wait); }

chain::json socket_client::receive_json() {
  const auto text = receive();
  auto value = chain::parse_json(text);
  if (!value) throw error("not JSON: " + text);
  return std::move(*value);
}

chain::json socket_client::call(const std::string& method, const chain::json& params) {
  const int id = ++last_id_;
  send(chain::dump_json({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}}));
  while (true) {
    auto answer = receive_json();
    if (answer.value("id", chain::json{}) == id) return answer;
    heard.push_back(std::move(answer));
  }
}

void socket_client::say(const std::string& event, const chain::json& data) {
  send(chain::dump_json({{"event", event}, {"data", data}}));
}

chain::json socket_client::wait_for(const std::string& event) {
  const auto named = [&](const chain::json& m) {
    return m.value("event", "") == event || m.value("method", "") == event;
  };
  const auto early = std::find_if(passed_over_.begin(), passed_over_.end(), named);
  if (early != passed_over_.end()) {
    auto message = std::move(*early);
    passed_over_.erase(early);
    return message;
  }
  while (true) {
    auto message = receive_json();
    if (named(message)) return message;
    heard.push_back(message);
    passed_over_.push_back(std::move(message));
  }
}

std::uint16_t socket_client::wait_for_close() {
  while (!impl_->over) {
    const auto text = impl_->next(impl_->options.patience);
    if (!text && !impl_->over) throw error("still open");
    if (text) heard.push_back(chain::parse_json(*text).value_or(chain::json(*text)));
  }
  return impl_->code;
}

std::string socket_client::close_reason() const { return impl_->reason; }

void socket_client::close() {
  impl_->finish("close", [&](auto done) { impl_->ws.async_close(socket_protocol::close_code::normal, done); });
}

bool socket_client::compressed() const { return impl_->compressed; }

}  // namespace quorate::tests
