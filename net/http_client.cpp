// SPDX-License-Identifier: MIT
#include "net/http_client.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace quorate::net {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;
using request = http::request<http::string_body>;

/// Runs one asynchronous step to its end; tcp_stream's own timer bounds it.
template <class Start>
boost::system::error_code step(boost::asio::io_context& io, beast::tcp_stream& stream,
                               std::chrono::milliseconds timeout, Start start) {
  boost::system::error_code outcome;
  stream.expires_after(timeout);
  start([&outcome](boost::system::error_code e, auto&&...) { outcome = e; });
  io.restart();
  io.run();
  return outcome;
}

result<http_answer> exchange(const std::string& host, std::uint16_t port, request message,
                             std::chrono::milliseconds timeout) {
  const auto failed = [&](const boost::system::error_code& e) {
    return fail(errc::application, "http://" + host + ":" + std::to_string(port) + ": " + e.message());
  };
  boost::asio::io_context io;
  boost::system::error_code error;
  tcp::resolver resolver{io};
  const auto addresses = resolver.resolve(host, std::to_string(port), error);
  if (error) return failed(error);

  beast::tcp_stream stream{io};
  if ((error = step(io, stream, timeout, [&](auto done) { stream.async_connect(addresses, done); })))
    return failed(error);
  message.version(11);
  message.set(http::field::host, host + ":" + std::to_string(port));
  message.set(http::field::connection, "close");
  message.prepare_payload();
  if ((error = step(io, stream, timeout, [&](auto done) { http::async_write(stream, message, done); })))
    return failed(error);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(64u << 20);
  if ((error = step(io, stream, timeout, [&](auto done) { http::async_read(stream, buffer, parser, done); })))
    return failed(error);
  return http_answer{static_cast<int>(parser.get().result_int()), std::move(parser.get().body())};
}

}  // namespace

result<http_answer> http_get(const std::string& host, std::uint16_t port, const std::string& path,
                             std::chrono::milliseconds timeout) {
  return exchange(host, port, request{http::verb::get, path, 11}, timeout);
}

result<http_answer> http_post_json(const std::string& host, std::uint16_t port, const std::string& path,
                                   const std::string& body, std::chrono::milliseconds timeout) {
  request message{http::verb::post, path, 11};
  message.set(http::field::content_type, "application/json");
  message.body() = body;
  return exchange(host, port, std::move(message), timeout);
}

}  // namespace quorate::net
