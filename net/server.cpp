// SPDX-License-Identifier: MIT
#include "net/server.hpp"

#include <pthread.h>

#include <ctime>
#include <exception>
#include <random>
#include <thread>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "chain/log.hpp"
#include "net/detail/context.hpp"
#include "net/detail/listener.hpp"
#include "net/detail/response.hpp"
#include "net/detail/session.hpp"

namespace quorate::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using steady = std::chrono::steady_clock;

/// What a connection over the limits hears, if its socket takes it at once; its request is not read.
std::string turned_away() {
  detail::response_head head;
  head.status = 503;
  head.retry_after_s = 1;
  head.close = true;
  std::string text;
  detail::append_response(
      text, head, R"({"jsonrpc":"2.0","error":{"code":-32006,"message":"Too many open connections"},"id":null})");
  return text;
}

detail::ip_bytes bytes_of(const asio::ip::address& address) {
  const auto v6 = address.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()) : address.to_v6();
  return v6.to_bytes();
}

}  // namespace

struct server::impl {
  impl(server_settings s, rpc::endpoint& endpoint, actors::metrics::registry& metrics)
      : settings(std::move(s)),
        shared{settings,
               endpoint,
               detail::counters(metrics),
               {},
               detail::request_ids(std::random_device{}()),
               detail::connections(settings.connections, settings.connections_per_address),
               std::make_shared<detail::outbox>([this] { asio::post(io, [this] { deliver_all(); }); }),
               {}},
        sweep_timer(io),
        drain_timer(io),
        door(
            io, [this](detail::session::socket socket) { accepted(std::move(socket)); },
            [this] { shared.count.refuse(detail::refused::descriptors); }) {}

  void run();
  void accepted(detail::session::socket socket);
  void deliver_all();
  void sweep();
  void begin_drain(std::chrono::milliseconds deadline, std::function<void()> done);
  void end_drain();

  server_settings settings;
  asio::io_context io{1};
  detail::context shared;
  asio::steady_timer sweep_timer;
  asio::steady_timer drain_timer;
  detail::listener door;
  std::vector<detail::outbox::item> arrived;
  std::vector<std::shared_ptr<detail::connection>> with_news;
  std::function<void()> drained;
  std::thread thread;
};

void server::impl::run() {
  ::pthread_setname_np(::pthread_self(), "quorate-http");
  while (true) {
    try {
      io.run();
      return;
    } catch (const std::exception& e) {
      log::event(log::level::error, "http", "handler failed", {{"error", e.what()}});
    }
  }
}

void server::impl::accepted(detail::session::socket socket) {
  error_code ec;
  const auto peer = socket.remote_endpoint(ec);
  if (ec) return;  // gone already
  socket.non_blocking(true, ec);
  socket.set_option(asio::ip::tcp::no_delay(true), ec);
  const auto address = bytes_of(peer.address());
  if (const auto why = shared.open.refusal(detail::to_text(address))) {
    shared.count.refuse(*why);
    shared.count.answered(503);
    socket.write_some(asio::buffer(turned_away()), ec);
    return;
  }
  auto s = std::make_shared<detail::session>(std::move(socket), address, shared);
  shared.open.add(s);
  s->start();
}

void server::impl::deliver_all() {
  while (true) {
    arrived.clear();
    shared.replies->take(arrived);
    if (arrived.empty()) return;
    for (auto& item : arrived) {
      auto to = item.to.lock();
      if (!to) continue;
      to->deliver(item.slot, item.reply);
      if (std::exchange(to->has_news, true)) continue;
      with_news.push_back(std::move(to));
    }
    for (auto& s : with_news) {
      s->has_news = false;
      s->pump();
    }
    with_news.clear();
  }
}

void server::impl::sweep() {
  sweep_timer.expires_after(settings.sweep_interval);
  sweep_timer.async_wait([this](const error_code& cancelled) {
    if (!cancelled) sweep();
  });
  shared.date = detail::date_line(std::time(nullptr));
  shared.open.sweep(steady::now());
}

void server::impl::begin_drain(std::chrono::milliseconds deadline, std::function<void()> done) {
  if (shared.draining) return;
  shared.draining = true;
  drained = std::move(done);
  door.close();
  shared.open.on_empty = [this] { end_drain(); };
  drain_timer.expires_after(deadline);
  drain_timer.async_wait([this](const error_code& cancelled) {
    if (!cancelled) end_drain();
  });
  shared.open.drain();
  if (shared.open.size() == 0) end_drain();
}

void server::impl::end_drain() {
  drain_timer.cancel();
  // Posted, because the last session may still be in the middle of closing itself.
  if (auto done = std::exchange(drained, {})) asio::post(io, std::move(done));
}

status check(const server_settings& settings) {
  if (const auto clients = detail::client_address::make(settings.trusted_proxies); !clients)
    return tl::unexpected(clients.error());
  asio::io_context io;
  detail::listener door{io, {}, {}};
  return door.open(settings.host, settings.port);
}

server::server(server_settings settings, rpc::endpoint& endpoint, actors::metrics::registry& metrics)
    : impl_(std::make_unique<impl>(std::move(settings), endpoint, metrics)) {}

server::~server() { stop(); }

status server::start() {
  auto clients = detail::client_address::make(impl_->settings.trusted_proxies);
  if (!clients) return tl::unexpected(clients.error());
  impl_->shared.clients = std::move(*clients);
  if (auto opened = impl_->door.open(impl_->settings.host, impl_->settings.port); !opened) return opened;
  impl_->sweep();
  impl_->door.start();
  impl_->thread = std::thread([this] { impl_->run(); });
  return {};
}

std::uint16_t server::port() const { return impl_->door.port(); }

void server::drain(std::chrono::milliseconds deadline, std::function<void()> drained) {
  asio::post(impl_->io,
             [this, deadline, done = std::move(drained)]() mutable { impl_->begin_drain(deadline, std::move(done)); });
}

void server::stop() {
  if (!impl_->thread.joinable()) return;
  asio::post(impl_->io, [this] {
    impl_->door.close();
    impl_->shared.open.on_empty = {};
    impl_->shared.open.close_all();
    impl_->io.stop();
  });
  impl_->thread.join();
  impl_->shared.replies->close();
}

}  // namespace quorate::net
