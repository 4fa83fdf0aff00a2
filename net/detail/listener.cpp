// SPDX-License-Identifier: MIT
#include "net/detail/listener.hpp"

#include <utility>

#include <fmt/format.h>
#include <boost/asio/ip/v6_only.hpp>

#include "chain/log.hpp"

namespace quorate::net::detail {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int backlog = 1024;
constexpr std::chrono::milliseconds back_off_time{100};

/// The address a host names; of several, an IPv4 one.
tcp::endpoint resolve(asio::io_context& io, const std::string& host, std::uint16_t port, error_code& ec) {
  const auto address = asio::ip::make_address(host, ec);
  if (!ec) return {address, port};
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, ec);
  if (ec) return {};
  for (const auto& entry : found) {
    if (entry.endpoint().address().is_v4()) return entry.endpoint();
  }
  return found.begin()->endpoint();
}

}  // namespace

listener::listener(asio::io_context& io, accepted_function accepted, std::function<void()> out_of_descriptors)
    : io_(io),
      accepted_(std::move(accepted)),
      out_of_descriptors_(std::move(out_of_descriptors)),
      acceptor_(io),
      back_off_(io) {}

status listener::open(const std::string& host, std::uint16_t port) {
  error_code ec;
  const auto where = resolve(io_, host, port, ec);
  if (!ec) acceptor_.open(where.protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec && where.address().is_v6() && where.address().is_unspecified()) {
    acceptor_.set_option(asio::ip::v6_only(false), ec);
  }
  if (!ec) acceptor_.bind(where, ec);
  if (!ec) acceptor_.listen(backlog, ec);
  if (!ec) port_ = acceptor_.local_endpoint(ec).port();
  if (!ec) return {};
  error_code ignored;
  acceptor_.close(ignored);
  const bool bare_v6 = host.find(':') != std::string::npos;
  return fail(errc::application,
              fmt::format("cannot listen on {}:{}: {}", bare_v6 ? "[" + host + "]" : host, port, ec.message()));
}

void listener::start() { accept(); }

void listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  back_off_.cancel();
}

void listener::accept() {
  acceptor_.async_accept([this](const error_code& ec, session::socket socket) {
    if (!acceptor_.is_open()) return;
    if (!ec) {
      accept();  // first, so that whatever becomes of this connection, the next one is accepted
      return accepted_(std::move(socket));
    }
    if (ec == asio::error::no_descriptors || ec == boost::system::errc::too_many_files_open_in_system ||
        ec == asio::error::no_buffer_space || ec == asio::error::no_memory) {
      out_of_descriptors_();
      log::event(log::level::warning, "http", "cannot accept, waiting", {{"error", ec.message()}});
      back_off_.expires_after(back_off_time);
      back_off_.async_wait([this](const error_code& cancelled) {
        if (!cancelled && acceptor_.is_open()) accept();
      });
      return;
    }
    accept();  // any other error is about the one connection that did not come about
  });
}

}  // namespace quorate::net::detail
