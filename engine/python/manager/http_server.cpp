// SPDX-License-Identifier: MIT
#include "engine/python/manager/http_server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace quorate::engine::python {

namespace {

namespace http = boost::beast::http;
using stream = boost::asio::generic::stream_protocol::socket;

/// A request carries a contract, its call and a leader's results at most.
constexpr std::uint64_t longest_body = std::uint64_t{64} << 20;

/// One client's connection: a request, its answer, the next.
class http_session : public std::enable_shared_from_this<http_session> {
 public:
  http_session(stream socket, manager_api& api) : socket_{std::move(socket)}, api_{api} {}

  void read() {
    parser_.emplace();
    parser_->body_limit(longest_body);
    http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](const auto& failed, std::size_t) {
      if (failed == http::error::body_limit) return self->reply({413, {{"error", "The body is too long"}}});
      if (!failed) self->answer();
    });
  }

 private:
  void answer() {
    const auto& message = parser_->get();
    keep_alive_ = message.keep_alive();
    const auto& body = message.body();
    api_.answer({{message.method_string().data(), message.method_string().size()},
                 {message.target().data(), message.target().size()},
                 {body.data(), body.size()}},
                [self = shared_from_this()](api_response response) { self->reply(std::move(response)); });
  }

  void reply(api_response response) {
    response_ = {};
    response_.result(response.status);
    response_.set(http::field::content_type, "application/json");
    response_.body() = chain::dump_json(response.body);
    response_.keep_alive(keep_alive_);
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](const auto& failed, std::size_t) {
      if (!failed && self->keep_alive_) return self->read();
      boost::system::error_code ignored;
      self->socket_.shutdown(stream::shutdown_send, ignored);
    });
  }

  stream socket_;
  manager_api& api_;
  boost::beast::flat_buffer buffer_{};
  std::optional<http::request_parser<http::vector_body<std::uint8_t>>> parser_{};
  http::response<http::string_body> response_{};
  bool keep_alive_ = false;
};

struct listen_address {
  boost::asio::generic::stream_protocol::endpoint endpoint{};
  std::string path{};
};

result<listen_address> parse_listen_address(const std::string& text) {
  if (text.starts_with("unix:")) {
    const std::string path = text.substr(5);
    if (path.empty() || path.size() > 100) return fail(errc::invalid_params, "A socket's path has 1 to 100 characters");
    return listen_address{boost::asio::local::stream_protocol::endpoint{path}, path};
  }
  const auto colon = text.rfind(':');
  std::string host = colon == std::string::npos ? "" : text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code failed;
  const auto ip = boost::asio::ip::make_address(host, failed);
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool is_port = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (failed || !is_port || std::stoul(port) > 65'535) {
    return fail(errc::invalid_params, "An address is like 127.0.0.1:3999 or unix:/path, not " + text);
  }
  return listen_address{boost::asio::ip::tcp::endpoint{ip, static_cast<std::uint16_t>(std::stoul(port))}, {}};
}

}  // namespace

status http_server::listen(const std::string& address) {
  const auto parsed = parse_listen_address(address);
  if (!parsed) return tl::unexpected{parsed.error()};
  path_ = parsed->path;
  if (!path_.empty()) ::unlink(path_.c_str());
  boost::system::error_code failed;
  acceptor_.open(parsed->endpoint.protocol(), failed);
  if (path_.empty() && !failed) acceptor_.set_option(boost::asio::socket_base::reuse_address{true}, failed);
  // A socket in the file system is its user's alone.
  const auto mask = ::umask(0177);
  if (!failed) acceptor_.bind(parsed->endpoint, failed);
  ::umask(mask);
  if (!failed) acceptor_.listen(boost::asio::socket_base::max_listen_connections, failed);
  if (failed) return fail(errc::internal, "Cannot listen on " + address + ": " + failed.message());
  accept();
  return {};
}

void http_server::accept() {
  acceptor_.async_accept(io_, [this](const boost::system::error_code& failed, stream socket) {
    if (failed == boost::asio::error::operation_aborted) return;
    if (!failed) std::make_shared<http_session>(std::move(socket), api_)->read();
    accept();
  });
}

void http_server::close() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  if (!path_.empty()) ::unlink(path_.c_str());
}

}  // namespace quorate::engine::python
