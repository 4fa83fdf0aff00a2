// SPDX-License-Identifier: MIT
#include "engine/modules/payload.hpp"

#include "chain/calldata_fields.hpp"

namespace quorate::engine::modules {

const chain::calldata_value* member(const chain::calldata_value& payload, std::string_view name) {
  const auto* const map = std::get_if<chain::calldata_map>(&payload.held);
  return map == nullptr ? nullptr : chain::find(*map, std::string{name});
}

result<std::string> text_member(const chain::calldata_value& payload, std::string_view name) {
  const auto* const found = member(payload, name);
  if (found == nullptr) return fail(errc::invalid_params, std::string{name} + ": missing");
  const auto* const text = std::get_if<std::string>(&found->held);
  if (text == nullptr) return fail(errc::invalid_params, std::string{name} + ": a text is expected");
  return *text;
}

}  // namespace quorate::engine::modules
