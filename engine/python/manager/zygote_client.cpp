// SPDX-License-Identifier: MIT
#include "engine/python/manager/zygote_client.hpp"

#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

namespace quorate::engine::python {

namespace {

/// A zygote that dies at once must not keep a processor busy.
constexpr std::chrono::milliseconds restart_pause{500};

active_layers joined(active_layers own, const active_layers& given) {
  own.network_namespace = given.network_namespace;
  own.process_namespace = given.process_namespace;
  own.user_namespace = given.user_namespace;
  return own;
}

}  // namespace

zygote_client::zygote_client(boost::asio::io_context& io, bool allow_without_seccomp)
    : allow_without_seccomp_{allow_without_seccomp}, orders_{io}, again_{io} {
  // Low places first: taken from the back.
  for (std::uint32_t place = zygote_places; place-- > 0;) free_.push_back(place);
}

zygote_client::~zygote_client() {
  is_closing_ = true;
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

status zygote_client::start(std::function<void(status)> ready) {
  ready_ = std::move(ready);
  auto launched = launch_zygote(allow_without_seccomp_);
  if (!launched) return tl::unexpected{launched.error()};
  pid_ = launched->pid;
  layers_ = launched->layers;
  orders_.assign(launched->orders.release());
  listen();
  return {};
}

void zygote_client::listen() {
  orders_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& failed) {
    if (failed || is_closing_) return;
    take_news();
  });
}

void zygote_client::take_news() {
  zygote_news news;
  int received = 0;
  while ((received = receive_news(orders_.native_handle(), news)) > 0) {
    switch (news.what) {
      case zygote_news::kind::ready:
        is_ready_ = true;
        layers_ = joined(news.layers, layers_);
        if (auto told = std::exchange(ready_, nullptr)) told(status{});
        break;
      case zygote_news::kind::failed:
        if (auto told = std::exchange(ready_, nullptr)) told(fail(errc::internal, "The engine cannot run contracts"));
        break;
      case zygote_news::kind::ended: end_place(news.place, news.status); break;
    }
  }
  if (received < 0) return lose_zygote();
  listen();
}

void zygote_client::end_place(std::uint32_t place, int status) {
  const auto found = running_.find(place);
  if (found == running_.end()) return;
  auto ended = std::move(found->second);
  running_.erase(found);
  free_.push_back(place);
  ended(status);
}

/// Every run died with it.
void zygote_client::lose_zygote() {
  is_ready_ = false;
  boost::system::error_code ignored;
  orders_.close(ignored);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  std::vector<std::uint32_t> lost;
  for (const auto& [place, ended] : running_) lost.push_back(place);
  for (const auto place : lost) end_place(place, -1);
  if (auto told = std::exchange(ready_, nullptr))
    return told(fail(errc::internal, "The engine's Python ended at once"));
  std::fprintf(stderr, "quorate-engine: the process that runs are forked from ended; starting another\n");
  again_.expires_after(restart_pause);
  again_.async_wait([this](const boost::system::error_code& failed) {
    if (!failed && !is_closing_) {
      if (const auto started = start(nullptr); !started) lose_zygote();
    }
  });
}

std::optional<std::uint32_t> zygote_client::start_run(const run_descriptors& descriptors, on_end ended) {
  if (!is_ready_ || free_.empty()) return std::nullopt;
  const auto place = free_.back();
  if (!send_order(orders_.native_handle(), {zygote_order::kind::start, place}, &descriptors)) return std::nullopt;
  free_.pop_back();
  running_.emplace(place, std::move(ended));
  return place;
}

void zygote_client::kill_run(std::uint32_t place) {
  if (is_ready_ && running_.contains(place)) {
    send_order(orders_.native_handle(), {zygote_order::kind::kill, place}, nullptr);
  }
}

}  // namespace quorate::engine::python
