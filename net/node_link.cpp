// SPDX-License-Identifier: MIT
#include "net/node_link.hpp"

#include <pthread.h>

#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace quorate::net {

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using actors::web3::fault;
using actors::web3::link_answer;
using boost::asio::ip::tcp;
using boost::system::error_code;
using done_function = actors::web3::link::done_function;

/// One connection from its first address to its end; what is under way keeps it alive. On the link's thread only.
class node_connection : public std::enable_shared_from_this<node_connection> {
 public:
  node_connection(boost::asio::io_context& io, const node_address& to) : to_{to}, resolver_{io}, stream_{io} {}

  void connect(std::chrono::milliseconds timeout, done_function done) {
    done_ = std::move(done);
    stream_.expires_after(timeout);
    resolver_.async_resolve(
        to_.host, std::to_string(to_.port),
        [self = shared_from_this(), timeout](error_code e, const tcp::resolver::results_type& found) {
          if (e || self->closed_) return self->failed(fault::connect, e);
          self->stream_.expires_after(timeout);
          self->stream_.async_connect(found, [self](error_code failure, const tcp::endpoint&) {
            if (failure) return self->failed(fault::connect, failure);
            self->stream_.socket().set_option(tcp::no_delay{true}, failure);
            self->answer({});
          });
        });
  }

  void post(actors::web3::series what, done_function done) {
    done_ = std::move(done);
    series_ = std::move(what);
    at_ = 0;
    exchange();
  }

  void close() {
    closed_ = true;
    resolver_.cancel();
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

 private:
  void exchange() {
    request_ = {http::verb::post, to_.path, 11};
    request_.set(http::field::host, to_.host + ":" + std::to_string(to_.port));
    request_.set(http::field::content_type, "application/json");
    request_.body() = std::move(series_.bodies[at_]);
    request_.prepare_payload();
    parser_.emplace();
    parser_->body_limit(to_.body_limit);
    stream_.expires_after(series_.timeout);  // for the whole exchange
    http::async_write(stream_, request_, [self = shared_from_this()](error_code e, std::size_t) {
      if (e) return self->failed(fault::broken, e);
      http::async_read(self->stream_, self->buffer_, *self->parser_,
                       [self](error_code failure, std::size_t) { self->read(failure); });
    });
  }

  void read(error_code e) {
    if (e) return failed(is_rubbish(e) ? fault::rubbish : fault::broken, e);
    auto response = parser_->release();
    const auto status = response.result_int();
    // Nodes answer refusals with 200, some with 400 and the JSON all the same.
    if (status != 200 && status != 400) return failed(fault::rubbish, "HTTP status " + std::to_string(status));
    const bool last = !response.keep_alive();
    if (!last && !closed_ && at_ + 1 < series_.bodies.size() && actors::clock::now() < series_.until &&
        series_.expected(at_, response.body())) {
      ++at_;
      return exchange();
    }
    answer({.text = std::move(response.body()), .last = last});
  }

  static bool is_rubbish(const error_code& e) {
    return e.category() == http::make_error_code(http::error::bad_value).category() &&
           e != http::error::end_of_stream && e != http::error::partial_message;
  }

  void failed(fault what, const error_code& e) {
    failed(e == beast::error::timeout ? fault::timeout : what, e ? e.message() : "closed");
  }
  void failed(fault what, std::string why) {
    close();
    answer({.what = what, .text = std::move(why)});
  }
  void answer(link_answer with) {
    stream_.expires_never();
    with.passed = at_;
    if (auto done = std::exchange(done_, nullptr)) done(std::move(with));
  }

  /// A receipt of a few KiB is read at once; without it, 512 bytes at a time.
  static beast::flat_buffer with_room() {
    beast::flat_buffer out;
    out.reserve(64 * 1024);
    return out;
  }

  const node_address& to_;
  tcp::resolver resolver_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_ = with_room();
  http::request<http::string_body> request_;
  std::optional<http::response_parser<http::string_body>> parser_;
  actors::web3::series series_;
  std::size_t at_ = 0;  // in the series
  done_function done_;
  bool closed_ = false;
};

class node_link final : public actors::web3::link {
 public:
  explicit node_link(node_address address) : address_{std::move(address)} {
    thread_ = std::thread{[this] {
      ::pthread_setname_np(::pthread_self(), "quorate-web3");
      io_.run();
    }};
  }
  ~node_link() override {
    hang_up();
    stay_.reset();
    thread_.join();
  }
  node_link(const node_link&) = delete;
  node_link& operator=(const node_link&) = delete;

  void connect(actors::duration timeout, done_function done) override {
    boost::asio::post(io_, [this, timeout = milliseconds_of(timeout), done = std::move(done)]() mutable {
      close();
      open_ = std::make_shared<node_connection>(io_, address_);
      open_->connect(timeout, std::move(done));
    });
  }
  void post(actors::web3::series what, done_function done) override {
    boost::asio::post(io_, [this, what = std::move(what), done = std::move(done)]() mutable {
      if (!open_) return done({.what = fault::broken, .text = "not connected"});
      open_->post(std::move(what), std::move(done));
    });
  }
  void hang_up() override {
    boost::asio::post(io_, [this] { close(); });
  }

 private:
  static std::chrono::milliseconds milliseconds_of(actors::duration d) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d);
  }
  void close() {
    if (auto connection = std::exchange(open_, nullptr)) connection->close();
  }

  const node_address address_;
  boost::asio::io_context io_{1};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> stay_{io_.get_executor()};
  std::shared_ptr<node_connection> open_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<actors::web3::link> make_node_link(node_address address) {
  return std::make_unique<node_link>(std::move(address));
}

}  // namespace quorate::net
