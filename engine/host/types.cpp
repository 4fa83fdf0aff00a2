// SPDX-License-Identifier: MIT
#include "engine/host/types.hpp"

#include "chain/calldata_fields.hpp"

namespace quorate::engine::host {

std::string run_result::message() const {
  if (const auto* text = std::get_if<std::string>(&data.held)) return *text;
  if (const auto* map = std::get_if<chain::calldata_map>(&data.held)) {
    if (const auto* text = chain::find_as<std::string>(*map, "message")) return *text;
  }
  return is_returned() ? std::string{} : chain::calldata_text(data);
}

chain::bytes run_result::receipt() const {
  chain::bytes out{static_cast<std::uint8_t>(kind)};
  if (is_returned()) {
    const auto encoded = chain::encode_calldata(data).value_or(chain::bytes{});
    out.insert(out.end(), encoded.begin(), encoded.end());
  } else {
    const auto text = message();
    out.insert(out.end(), text.begin(), text.end());
  }
  return out;
}

run_result vm_error(std::string code) {
  run_result out;
  out.kind = result_kind::vm_error;
  out.data = chain::calldata_value{std::move(code)};
  return out;
}

run_result internal_error(std::string message) {
  run_result out;
  out.data = chain::calldata_value{std::move(message)};
  return out;
}

}  // namespace quorate::engine::host
