// SPDX-License-Identifier: MIT
#include "tests/common/web_server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace quorate::tests {

namespace {

namespace web_http = boost::beast::http;
using web_tcp = boost::asio::ip::tcp;
constexpr auto patience = std::chrono::seconds(30);

web_server::request as_seen(const web_http::request<web_http::string_body>& message) {
  web_server::request out{.method = std::string{message.method_string()},
                          .target = std::string{message.target()},
                          .headers = {},
                          .body = message.body()};
  for (const auto& field : message) {
    std::string name{field.name_string()};
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    out.headers[name] = std::string{field.value()};
  }
  return out;
}

}  // namespace

class web_server::impl {
 public:
  explicit impl(handler play)
      : play_{std::move(play)},
        acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}},
        port_{acceptor_.local_endpoint().port()} {
    acceptor_thread_ = std::thread{[this] { accept(); }};
  }

  ~impl() {
    {
      const std::lock_guard lock{mutex_};
      is_ending_ = true;
      for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // ends the accept that runs
    acceptor_thread_.join();
    for (auto& one : threads_) one.join();
  }

  std::uint16_t port() const { return port_; }

  std::vector<request> requests() const {
    const std::lock_guard lock{mutex_};
    return seen_;
  }

  bool wait_until(const std::function<bool()>& holds) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, holds);
  }
  std::size_t seen() const { return seen_.size(); }  // inside wait_until
  std::size_t hang_ups() const { return hang_ups_; }

 private:
  void accept() {
    for (;;) {
      boost::system::error_code error;
      auto socket = std::make_shared<web_tcp::socket>(io_);
      acceptor_.accept(*socket, error);
      const std::lock_guard lock{mutex_};
      if (error || is_ending_) return;
      open_.insert(socket->native_handle());
      threads_.emplace_back([this, socket] { serve(*socket); });
    }
  }

  void serve(web_tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    for (;;) {
      boost::system::error_code error;
      web_http::request_parser<web_http::string_body> parser;
      parser.body_limit(64u << 20);
      web_http::read(socket, buffer, parser, error);
      if (error) break;
      const auto one = as_seen(parser.get());
      note([&] { seen_.push_back(one); });
      const auto answer = play_(one);
      if (!answer) {
        char byte = 0;
        while (socket.read_some(boost::asio::buffer(&byte, 1), error) > 0) continue;
        note([&] { ++hang_ups_; });
        break;
      }
      web_http::response<web_http::string_body> out{static_cast<web_http::status>(answer->status), 11};
      for (const auto& [name, value] : answer->headers) out.insert(name, value);
      out.body() = answer->body;
      out.prepare_payload();
      if (one.method == "HEAD") out.body().clear();
      web_http::write(socket, out, error);
      if (error) break;
    }
    const std::lock_guard lock{mutex_};
    open_.erase(socket.native_handle());
    socket.close();
  }

  void note(const std::function<void()>& change) {
    const std::lock_guard lock{mutex_};
    change();
    changed_.notify_all();
  }

  handler play_;
  boost::asio::io_context io_;
  web_tcp::acceptor acceptor_;
  std::uint16_t port_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<request> seen_;
  std::size_t hang_ups_ = 0;
  bool is_ending_ = false;
  std::set<int> open_;
  std::vector<std::thread> threads_;  // grows in the acceptor's thread only
  std::thread acceptor_thread_;
};

web_server::web_server(handler play) : impl_{std::make_unique<impl>(std::move(play))} {}
web_server::~web_server() = default;
std::uint16_t web_server::port() const { return impl_->port(); }
std::string web_server::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port()) + path;
}
std::vector<web_server::request> web_server::requests() const { return impl_->requests(); }
bool web_server::wait_for_requests(std::size_t count) {
  return impl_->wait_until([&] { return impl_->seen() >= count; });
}
bool web_server::wait_for_hang_ups(std::size_t count) {
  return impl_->wait_until([&] { return impl_->hang_ups() >= count; });
}

}  // namespace quorate::tests
