// SPDX-License-Identifier: MIT
#include "engine/host/detail/manager_client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace quorate::engine::host {

namespace {

namespace http = boost::beast::http;

/// A result of 16 MiB of storage, as a list of numbers.
constexpr std::uint64_t longest_response = std::uint64_t{512} << 20;

boost::asio::generic::stream_protocol::endpoint endpoint_of(const manager_address& address) {
  if (!address.path.empty()) return boost::asio::local::stream_protocol::endpoint{address.path};
  return boost::asio::ip::tcp::endpoint{boost::asio::ip::make_address(address.host), address.port};
}

}  // namespace

result<chain::json> json_in(const manager_response& response) {
  constexpr unsigned ok = 200;
  if (response.status != ok)
    return fail(errc::internal, "The engine refused", {}, std::to_string(response.status) + " " + response.body);
  // A list of numbers has an element for each byte of a result.
  auto parsed = chain::parse_json(response.body, {64, 100'000'000});
  if (!parsed) return fail(errc::internal, "The engine's answer is no JSON");
  return parsed;
}

/// One request and its response. A connection that turns out to be closed is replaced once.
class manager_client::exchange : public std::enable_shared_from_this<exchange> {
 public:
  exchange(manager_client& owner, http::verb method, std::string target, chain::bytes body, on_response done)
      : owner_{owner}, timer_{owner.io_}, done_{std::move(done)} {
    request_.method(method);
    request_.target(target);
    request_.set(http::field::host, "engine");
    request_.body() = std::move(body);
    request_.prepare_payload();
  }

  void begin(std::chrono::milliseconds timeout) {
    timer_.expires_after(timeout);
    timer_.async_wait([self = shared_from_this()](const auto& cancelled) {
      if (!cancelled) self->end(fail(errc::internal, "The engine does not answer", {}, "time-out"));
    });
    stream_ = owner_.take_idle();
    is_used_ = stream_ != nullptr;
    if (is_used_) return write();
    connect();
  }

 private:
  void connect() {
    stream_ = std::make_shared<stream>(owner_.io_);
    stream_->async_connect(endpoint_of(owner_.address_), [self = shared_from_this()](const auto& failed) {
      if (failed) return self->end(fail(errc::internal, "The engine cannot be reached", {}, failed.message()));
      self->write();
    });
  }

  void write() {
    http::async_write(*stream_, request_, [self = shared_from_this()](const auto& failed, std::size_t) {
      if (failed) return self->lost(failed);
      self->read();
    });
  }

  void read() {
    parser_.emplace();
    parser_->body_limit(longest_response);
    http::async_read(*stream_, buffer_, *parser_, [self = shared_from_this()](const auto& failed, std::size_t) {
      if (failed) return self->lost(failed);
      auto& response = self->parser_->get();
      if (response.keep_alive()) self->owner_.give_back(std::move(self->stream_));
      self->end(manager_response{response.result_int(), std::move(response.body())});
    });
  }

  void lost(const boost::system::error_code& failed) {
    if (!done_) return;
    if (!std::exchange(is_used_, false))
      return end(fail(errc::internal, "The engine closed the connection", {}, failed.message()));
    buffer_.clear();
    connect();
  }

  void end(result<manager_response> outcome) {
    auto done = std::exchange(done_, nullptr);
    if (!done) return;
    timer_.cancel();
    boost::system::error_code ignored;
    if (stream_) stream_->close(ignored);
    done(std::move(outcome));
  }

  manager_client& owner_;
  boost::asio::steady_timer timer_;
  on_response done_;
  http::request<http::vector_body<std::uint8_t>> request_{};
  std::optional<http::response_parser<http::string_body>> parser_{};
  boost::beast::flat_buffer buffer_{};
  std::shared_ptr<stream> stream_{};
  bool is_used_ = false;
};

void manager_client::ask(http::verb method, std::string target, chain::bytes body, std::chrono::milliseconds timeout,
                         on_response done) {
  std::make_shared<exchange>(*this, method, std::move(target), std::move(body), std::move(done))->begin(timeout);
}

std::shared_ptr<manager_client::stream> manager_client::take_idle() {
  if (idle_.empty()) return nullptr;
  auto out = std::move(idle_.back());
  idle_.pop_back();
  return out;
}

void manager_client::give_back(std::shared_ptr<stream> used) {
  if (idle_.size() < most_idle) idle_.push_back(std::move(used));
}

}  // namespace quorate::engine::host
