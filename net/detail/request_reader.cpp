// SPDX-License-Identifier: MIT
#include "net/detail/request_reader.hpp"

#include <algorithm>
#include <optional>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

namespace quorate::net::detail {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using beast_view = beast::string_view;

/// A body is trusted to be as long as it says only this far; beyond, memory grows with what really arrives.
constexpr std::size_t trusted_reserve = 64u << 10;
/// A chunk header with its extensions, or the trailer.
constexpr std::size_t chunk_header_limit = 8u << 10;

verb to_verb(http::verb v) {
  switch (v) {
    case http::verb::get: return verb::get;
    case http::verb::post: return verb::post;
    case http::verb::options: return verb::options;
    case http::verb::head: return verb::head;
    default: return verb::other;
  }
}

void keep_first(std::string& to, beast_view value) {
  if (to.empty()) to.assign(value.data(), value.size());
}

void append_to_list(std::string& to, beast_view value) {
  if (!to.empty()) to += ',';
  to.append(value.data(), value.size());
}

int status_of(const beast::error_code& ec) {
  if (ec == http::error::header_limit) return 431;
  if (ec == http::error::body_limit) return 413;
  if (ec == http::error::bad_version) return 505;
  if (ec == http::error::bad_transfer_encoding) return 501;
  return 400;
}

}  // namespace

/// Beast's grammar with a sink that copies only what request_head names.
class request_reader::parser final : public http::basic_parser<true> {
 public:
  explicit parser(request_reader& to) : to_(to) {
    this->header_limit(static_cast<std::uint32_t>(to.limits_.head));
    this->body_limit(to.limits_.body);
    this->eager(true);
  }

 private:
  void on_request_impl(http::verb method, beast_view name, beast_view target, int version,
                       beast::error_code& ec) override {
    count(name.size() + target.size() + std::string_view("  HTTP/1.1\r\n").size(), ec);
    to_.head_.method = to_verb(method);
    to_.head_.target.assign(target.data(), target.size());
    to_.head_.http_1_0 = version == 10;
  }

  void on_response_impl(int, beast_view, int, beast::error_code&) override {}

  void on_field_impl(http::field field, beast_view name, beast_view value, beast::error_code& ec) override {
    count(name.size() + value.size() + std::string_view(": \r\n").size(), ec);
    if (ec || head_done_) return;  // a trailer names nobody and allows nothing
    auto& head = to_.head_;
    switch (field) {
      case http::field::origin: keep_first(head.origin, value); break;
      case http::field::cookie: head.has_cookie = true; break;
      case http::field::access_control_request_method: keep_first(head.requested_method, value); break;
      case http::field::access_control_request_headers: keep_first(head.requested_headers, value); break;
      case http::field::host: keep_first(head.host, value); break;
      case http::field::upgrade: head.wants_socket = beast::iequals(value, "websocket"); break;
      case http::field::sec_websocket_key: keep_first(head.socket_key, value); break;
      case http::field::sec_websocket_version: keep_first(head.socket_version, value); break;
      case http::field::sec_websocket_extensions: append_to_list(head.socket_extensions, value); break;
      case http::field::expect: head.expect_continue = beast::iequals(value, "100-continue"); break;
      case http::field::transfer_encoding:
        // Beast takes any other coding for "no body" and would read the body as the next request: smuggling.
        if (!beast::iequals(value, "chunked")) ec = http::error::bad_transfer_encoding;
        break;
      case http::field::unknown: custom_field(name, value); break;
      default: break;
    }
  }

  /// Beast's own limit is about what one call has before it, so fields that drip in one by one would never meet it.
  void count(std::size_t bytes, beast::error_code& ec) {
    to_.head_bytes_ += bytes;
    ec = {};
    if (to_.head_bytes_ > to_.limits_.head) ec = http::error::header_limit;
  }

  void custom_field(beast_view name, beast_view value) {
    if (name.size() < 9 || (name[0] | 0x20) != 'x' || name[1] != '-') return;
    auto& head = to_.head_;
    if (beast::iequals(name, "X-Session-Id")) {
      keep_first(head.session_id, value);
    } else if (beast::iequals(name, "X-Admin-Key")) {
      keep_first(head.admin_key, value);
    } else if (beast::iequals(name, "X-Request-Id")) {
      keep_first(head.request_id, value);
    } else if (beast::iequals(name, "X-Real-IP")) {
      keep_first(head.real_ip, value);
    } else if (beast::iequals(name, "X-Forwarded-For")) {
      append_to_list(head.forwarded_for, value);
    }
  }

  void on_header_impl(beast::error_code& ec) override {
    ec = {};
    head_done_ = true;
    to_.head_.keep_alive = this->keep_alive();
    to_.head_.wants_socket &= this->upgrade();
    if (to_.head_.http_1_0) to_.head_.expect_continue = false;
    to_.state_ = request_reader::state::body;
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>& length, beast::error_code& ec) override {
    ec = {};
    if (length) to_.body_.reserve(std::min<std::uint64_t>(*length, trusted_reserve));
  }

  std::size_t on_body_impl(beast_view bytes, beast::error_code& ec) override {
    ec = {};
    to_.body_.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, beast_view, beast::error_code& ec) override { ec = {}; }

  std::size_t on_chunk_body_impl(std::uint64_t, beast_view bytes, beast::error_code& ec) override {
    ec = {};
    to_.body_.append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_finish_impl(beast::error_code& ec) override {
    ec = {};
    to_.state_ = request_reader::state::complete;
  }

  request_reader& to_;
  bool head_done_ = false;
};

struct request_reader::storage {
  std::optional<request_reader::parser> parser;
};

request_reader::request_reader(reader_limits limits) : limits_(limits), storage_(std::make_unique<storage>()) {}
request_reader::~request_reader() = default;

std::size_t request_reader::feed(std::string_view bytes) {
  const auto offered = bytes.size();
  if (state_ == state::idle) {
    // RFC 9112 §2.2: empty lines before a request line are ignored.
    while (!bytes.empty() && (bytes.front() == '\r' || bytes.front() == '\n')) bytes.remove_prefix(1);
    if (bytes.empty()) return offered;
    state_ = state::head;
    storage_->parser.emplace(*this);
  }
  auto& parser = storage_->parser;
  while (!bytes.empty() && state_ != state::complete && state_ != state::refused) {
    // Boost 1.81 asserts this in its chunk parser instead of checking it: "0\r\n" and then one byte would end the
    // process. No chunked message has less than "0\r\n\r\n" before its end, so nothing waits longer.
    if (state_ == state::body && parser->chunked() && bytes.size() < 5) break;
    beast::error_code ec;
    const auto used = parser->put({bytes.data(), bytes.size()}, ec);
    const bool in_head = !parser->is_header_done();
    bytes.remove_prefix(used);
    if (ec && ec != http::error::need_more) {
      refuse(status_of(ec));
      break;
    }
    if (in_head) {
      if (head_bytes_ + bytes.size() > limits_.head) refuse(431);
    } else if (ec == http::error::need_more && bytes.size() > chunk_header_limit) {
      refuse(400);
    }
    if (ec == http::error::need_more) break;
  }
  return offered - bytes.size();
}

void request_reader::next() {
  storage_->parser.reset();
  state_ = state::idle;
  head_bytes_ = 0;
  auto& h = head_;
  h.method = verb::other;
  h.http_1_0 = h.expect_continue = h.has_cookie = h.wants_socket = false;
  h.keep_alive = true;
  for (auto* text :
       {&h.target, &h.origin, &h.requested_method, &h.requested_headers, &h.session_id, &h.admin_key, &h.request_id,
        &h.forwarded_for, &h.real_ip, &h.host, &h.socket_key, &h.socket_version, &h.socket_extensions}) {
    text->clear();
  }
  body_.clear();
}

std::size_t request_reader::body_remaining() const {
  if (state_ != state::body) return 0;
  return storage_->parser->content_length_remaining().value_or(0);
}

void request_reader::refuse(int status) {
  state_ = state::refused;
  refusal_ = status;
}

}  // namespace quorate::net::detail
