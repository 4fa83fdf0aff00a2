// SPDX-License-Identifier: MIT

/// The yardstick for the HTTP layer: a Beast server of one thread that reads any request whole and answers a constant.
/// It parses no JSON, has no limits, no deadlines, no metrics. `bare_beast PORT` listens on 127.0.0.1.

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using executor = asio::io_context::executor_type;
using stream = asio::basic_stream_socket<tcp, executor>;

constexpr std::string_view constant = R"({"jsonrpc":"2.0","result":"0xf22f","id":1})";

class session : public std::enable_shared_from_this<session> {
 public:
  explicit session(stream socket) : socket_(std::move(socket)) {}

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_, [self = shared_from_this()](error_code ec, std::size_t) {
      if (!ec) self->write();
    });
  }

 private:
  void write() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::server, "bare");
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = constant;
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](error_code ec, std::size_t) {
      if (!ec && self->response_.keep_alive()) self->read();
    });
  }

  stream socket_;
  boost::beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

class acceptor {
 public:
  acceptor(asio::io_context& io, std::uint16_t port) : acceptor_(io, {asio::ip::address_v4::loopback(), port}) {}

  void accept() {
    acceptor_.async_accept([this](error_code ec, stream socket) {
      if (ec) return;
      socket.set_option(tcp::no_delay(true), ec);
      std::make_shared<session>(std::move(socket))->read();
      accept();
    });
  }

 private:
  asio::basic_socket_acceptor<tcp, executor> acceptor_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: bare_beast PORT\n";
    return EXIT_FAILURE;
  }
  try {
    asio::io_context io(1);
    acceptor door(io, static_cast<std::uint16_t>(std::stoi(argv[1])));
    door.accept();
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](error_code, int) { io.stop(); });
    io.run();
  } catch (const std::exception& e) {
    std::cerr << "bare_beast: " << e.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
