// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "chain/calldata.hpp"
#include "chain/result.hpp"
#include "engine/modules/http_message.hpp"

namespace quorate::engine::modules {

/// The payload of WebRequest (engine/sdk/_genlayer_wasi.pyi). errc::invalid_params names the member that is missing or
/// wrong: the method is GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS; names of headers are tokens, their values one
/// line. What the connection itself needs (Connection, Content-Length, Host, Transfer-Encoding) is left out.
result<http_request> read_web_request(const chain::calldata_value& payload);

enum class render_mode : std::uint8_t { text, html, screenshot };
std::string_view name(render_mode mode);

struct render_request {
  std::string url = {};
  render_mode mode = render_mode::text;
  std::chrono::milliseconds wait{0};  // after the page has loaded
};

/// The payload of WebRender. A wait of more than a minute is refused, too.
result<render_request> read_render(const chain::calldata_value& payload);

}  // namespace quorate::engine::modules
