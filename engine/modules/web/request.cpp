// SPDX-License-Identifier: MIT
#include "engine/modules/web/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "engine/modules/payload.hpp"

namespace quorate::engine::modules {

namespace {

using chain::calldata_value;

constexpr std::array<std::string_view, 7> http_methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr std::array<std::string_view, 4> of_the_connection{"connection", "content-length", "host",
                                                            "transfer-encoding"};
constexpr std::size_t most_headers = 100;
constexpr std::chrono::milliseconds longest_wait{60'000};

bool is_header_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

bool is_of_the_connection(std::string_view name) {
  return std::any_of(of_the_connection.begin(), of_the_connection.end(), [&](std::string_view one) {
    return std::equal(one.begin(), one.end(), name.begin(), name.end(), [](char a, char b) {
      return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
    });
  });
}

status read_headers(const calldata_value& payload, http_headers& out) {
  const auto* const found = member(payload, "headers");
  if (found == nullptr || std::holds_alternative<std::monostate>(found->held)) return {};
  const auto* const headers = std::get_if<chain::calldata_map>(&found->held);
  if (headers == nullptr) return fail(errc::invalid_params, "headers: a mapping is expected");
  if (headers->size() > most_headers) return fail(errc::invalid_params, "headers: at most 100");
  for (const auto& [name, value] : *headers) {
    const auto* const data = std::get_if<chain::bytes>(&value.held);
    if (!is_header_name(name)) return fail(errc::invalid_params, "headers: a name is not one of a header");
    if (data == nullptr) return fail(errc::invalid_params, "headers." + name + ": bytes are expected");
    std::string text{data->begin(), data->end()};
    if (text.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
      return fail(errc::invalid_params, "headers." + name + ": more than one line");
    if (!is_of_the_connection(name)) out.emplace_back(name, std::move(text));
  }
  return {};
}

/// Digits, then ms or s.
std::optional<std::chrono::milliseconds> duration_of(std::string_view text) {
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{}) return std::nullopt;
  const auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit == "ms") return std::chrono::milliseconds{count};
  if (unit == "s") return std::chrono::seconds{count};
  return std::nullopt;
}

}  // namespace

result<http_request> read_web_request(const calldata_value& payload) {
  http_request out;
  auto url = text_member(payload, "url");
  if (!url) return tl::unexpected{url.error()};
  out.url = *std::move(url);
  auto method = text_member(payload, "method");
  if (!method) return tl::unexpected{method.error()};
  out.method = *std::move(method);
  if (std::find(http_methods.begin(), http_methods.end(), out.method) == http_methods.end())
    return fail(errc::invalid_params, "method: GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS is expected");
  if (const auto* const body = member(payload, "body"); body && !std::holds_alternative<std::monostate>(body->held)) {
    const auto* const data = std::get_if<chain::bytes>(&body->held);
    if (data == nullptr) return fail(errc::invalid_params, "body: bytes or null are expected");
    out.body.assign(data->begin(), data->end());
  }
  if (const auto headers = read_headers(payload, out.headers); !headers) return tl::unexpected{headers.error()};
  return out;
}

std::string_view name(render_mode mode) {
  switch (mode) {
    case render_mode::text: return "text";
    case render_mode::html: return "html";
    case render_mode::screenshot: return "screenshot";
  }
  return "";
}

result<render_request> read_render(const calldata_value& payload) {
  render_request out;
  auto url = text_member(payload, "url");
  if (!url) return tl::unexpected{url.error()};
  out.url = *std::move(url);
  const auto mode = text_member(payload, "mode");
  if (!mode) return tl::unexpected{mode.error()};
  bool known = false;
  for (const auto one : {render_mode::text, render_mode::html, render_mode::screenshot}) {
    if (*mode != name(one)) continue;
    out.mode = one;
    known = true;
  }
  if (!known) return fail(errc::invalid_params, "mode: text, html or screenshot is expected");
  const auto* const wait = member(payload, "wait_after_loaded");
  if (wait == nullptr || std::holds_alternative<std::monostate>(wait->held)) return out;
  const auto* const text = std::get_if<std::string>(&wait->held);
  const auto duration = text == nullptr ? std::nullopt : duration_of(*text);
  if (!duration || *duration > longest_wait)
    return fail(errc::invalid_params, "wait_after_loaded: a time such as 500ms or 2s, at most 60s, is expected");
  out.wait = *duration;
  return out;
}

}  // namespace quorate::engine::modules
