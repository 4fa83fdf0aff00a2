// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>

#include <fstream>

#include "chain/hex.hpp"
#include "chain/json.hpp"
#include "tests/common/paths.hpp"

/// What the files under tests/data/vectors hold (docs/spec/encoding.md §8).
namespace quorate::tests {

inline chain::json vectors(const std::string& name) {
  return chain::json::parse(std::ifstream{data_file("vectors/" + name + ".json")});
}

/// The bytes of hex text, which may stand in a JSON value.
template <class Text>
chain::bytes unhex(const Text& text) {
  if constexpr (std::is_same_v<Text, chain::json>) {
    return chain::from_hex(text.template get_ref<const std::string&>()).value();
  } else {
    return chain::from_hex(text).value();
  }
}

}  // namespace quorate::tests
