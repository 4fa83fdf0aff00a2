// SPDX-License-Identifier: MIT
#include "engine/modules/transfer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <utility>

#include "engine/modules/web/public_address.hpp"

namespace quorate::engine::modules {

namespace {

constexpr std::size_t most_header_bytes = 256u << 10;
constexpr long longest_connect_ms = 15'000;

std::string lower_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view without_space(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  return begin == std::string_view::npos ? "" : text.substr(begin, text.find_last_not_of(space) + 1 - begin);
}

bool has_header(const http_headers& all, std::string_view lower_case_name) {
  return std::any_of(all.begin(), all.end(), [&](const auto& one) { return lower_case(one.first) == lower_case_name; });
}

}  // namespace

transfer::transfer(transport::exchange what, transport::callback done)
    : what_{std::move(what)}, done_{std::move(done)}, easy_{curl_easy_init()} {
  if (easy_ == nullptr) throw std::bad_alloc{};
  set_target();
  set_body();
  set_headers();
  set_limits();
}

void transfer::set_target() {
  CURL* const easy = easy_.get();
  curl_easy_setopt(easy, CURLOPT_URL, what_.request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "quorate/" QUORATE_VERSION);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &transfer::on_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  if (what_.decompress) curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  if (what_.public_only) {
    // A connection that others made was not checked, and a proxy would make it for us.
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
  }
}

void transfer::set_body() {
  CURL* const easy = easy_.get();
  const auto& request = what_.request;
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool wants_length = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (!request.body.empty() || wants_length) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void transfer::set_headers() {
  const auto add = [this](const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    (void)headers_.release();
    headers_.reset(longer);
  };
  // A semicolon is libcurl's way to say "with no value"; a colon alone takes its own header away.
  for (const auto& [name, value] : what_.request.headers) add(value.empty() ? name + ";" : name + ": " + value);
  if (!has_header(what_.request.headers, "content-type")) add("Content-Type:");
  add("Expect:");
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void transfer::set_limits() {
  const long limit = std::max<long>(1, static_cast<long>(what_.time_limit.count()));
  curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS, limit);
  curl_easy_setopt(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS, std::min(limit, longest_connect_ms));
}

std::size_t transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& response = static_cast<transfer*>(self)->response_;
  const std::string_view line{data, size * count};
  if (line.starts_with("HTTP/")) {
    response.headers.clear();  // those before belonged to an interim answer
    return line.size();
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  std::size_t total = 0;
  for (const auto& [name, value] : response.headers) total += name.size() + value.size();
  if (total + line.size() > most_header_bytes) {
    static_cast<transfer*>(self)->too_large_ = true;
    return 0;
  }
  response.headers.emplace_back(lower_case(without_space(line.substr(0, colon))),
                                std::string{without_space(line.substr(colon + 1))});
  return line.size();
}

std::size_t transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& one = *static_cast<transfer*>(self);
  const std::size_t length = size * count;
  if (length > one.what_.most_bytes - std::min(one.what_.most_bytes, one.response_.body.size())) {
    one.too_large_ = true;
    return length == 0 ? 1 : 0;  // anything but the length ends the transfer
  }
  one.response_.body.append(data, length);
  return length;
}

curl_socket_t transfer::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& one = *static_cast<transfer*>(self);
  if (one.what_.public_only && !is_public(address->addr)) {
    one.forbidden_ = true;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

transport::failure transfer::failure_of(CURLcode code) const {
  using kind = transport::failure_kind;
  if (too_large_)
    return {.kind = kind::too_large,
            .message = "the answer is larger than " + std::to_string(what_.most_bytes) + " bytes"};
  // Where a name has several addresses, one of them may have been tried in vain and another been refused.
  if (forbidden_ && code != CURLE_OPERATION_TIMEDOUT)
    return {.kind = kind::forbidden_address, .message = "the host's address is not a public one"};
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {.kind = kind::timeout,
              .message = "timeout: no answer in " + std::to_string(what_.time_limit.count()) + " ms"};
    case CURLE_COULDNT_RESOLVE_HOST: return {.kind = kind::unreachable, .message = "the host's name does not resolve"};
    case CURLE_COULDNT_CONNECT: return {.kind = kind::unreachable, .message = "the host does not take connections"};
    default: break;
  }
  // The words for the code, not those of this transfer: they may quote the URL.
  const bool has_begun = response_.status != 0 || !response_.headers.empty();
  return {.kind = has_begun ? kind::broken_off : kind::unreachable, .message = curl_easy_strerror(code)};
}

transport::fetched transfer::outcome(CURLcode code) {
  if (code != CURLE_OK) return tl::unexpected{failure_of(code)};
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

}  // namespace quorate::engine::modules
