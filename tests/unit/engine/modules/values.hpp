// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "chain/calldata.hpp"
#include "chain/json.hpp"
#include "engine/modules/backend.hpp"

namespace quorate::engine::modules::tests {

/// As it comes over the wire: fractions are kept as they are written.
inline chain::json parsed(std::string_view text) {
  auto out = chain::parse_json(text);
  EXPECT_TRUE(out) << text;
  return out.value_or(chain::json{});
}

/// A payload from JSON; bytes are put in by hand.
inline chain::calldata_value payload(std::string_view text) { return chain::calldata_from_json(parsed(text)).value(); }

inline chain::calldata_value with(chain::calldata_value map, const std::string& key, chain::calldata_value value) {
  std::get<chain::calldata_map>(map.held)[key] = std::move(value);
  return map;
}

inline chain::bytes png() { return {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1}; }
inline chain::bytes jpeg() { return {0xff, 0xd8, 0xff, 2}; }

inline backend a_backend(plugin kind, std::string_view config = "{}") {
  return {.id = "node-0x1",
          .kind = kind,
          .host = "http://models.example/api/",
          .key = "secret-key-1",
          .model = "big/model",
          .config = parsed(config)};
}

}  // namespace quorate::engine::modules::tests
