// SPDX-License-Identifier: MIT
#include "chain/payload.hpp"

#include <optional>

#include "chain/rlp.hpp"

namespace quorate::chain {

namespace {

tl::unexpected<error> not_a_payload(std::string reason) {
  return fail(errc::invalid_params, "Invalid transaction payload", {}, std::move(reason));
}

/// A number that names no mode is the normal one, as upstream has it; so is an empty list.
std::optional<execution_mode> mode_of(const rlp_item& flag) {
  if (flag.is_list) return flag.items.empty() ? std::optional{execution_mode::normal} : std::nullopt;
  if (flag.data.size() > 1 && flag.data[0] == 0) return std::nullopt;
  if (flag.data.size() != 1) return execution_mode::normal;
  switch (flag.data[0]) {
    case 1: return execution_mode::leader_only;
    case 2: return execution_mode::leader_self_validator;
    default: return execution_mode::normal;
  }
}

/// `strings` strings, then a flag or nothing; the last string is the calldata, one before it the code.
result<call_payload> decode_payload(bytes_view data, std::size_t strings) {
  const auto list = decode_rlp(data);
  if (!list) return not_a_payload(list.error().message);
  const auto& items = list->items;
  if (!list->is_list || (items.size() != strings && items.size() != strings + 1)) {
    return not_a_payload("wrong number of items");
  }
  call_payload out;
  for (std::size_t i = 0; i < strings; ++i) {
    if (items[i].is_list) return not_a_payload("a list where bytes should be");
    (i + 1 == strings ? out.calldata : out.code).assign(items[i].data.begin(), items[i].data.end());
  }
  if (items.size() > strings) {
    const auto mode = mode_of(items.back());
    if (!mode) return not_a_payload("a flag that is no number");
    out.mode = *mode;
  }
  return out;
}

bytes flag_item(bool leader_only) { return bytes{leader_only ? std::uint8_t{1} : std::uint8_t{0}}; }

}  // namespace

std::string_view to_string(execution_mode mode) {
  switch (mode) {
    case execution_mode::leader_only: return "LEADER_ONLY";
    case execution_mode::leader_self_validator: return "LEADER_SELF_VALIDATOR";
    case execution_mode::normal: break;
  }
  return "NORMAL";
}

result<call_payload> decode_deploy_payload(bytes_view data) { return decode_payload(data, 2); }
result<call_payload> decode_run_payload(bytes_view data) { return decode_payload(data, 1); }

result<bytes> decode_read_data(std::string_view data) {
  auto raw = from_hex(data);
  if (!raw) return fail(errc::invalid_params, "Invalid call data", {}, "not an even number of hex digits");
  if (raw->empty() || *raw == bytes{0}) return fail(errc::invalid_params, "Invalid call data", {}, "no calldata");
  if (raw->front() < 0xc0) return *std::move(raw);
  auto payload = decode_run_payload(*raw);
  if (!payload) return fail(errc::invalid_params, "Invalid call data", {}, payload.error().detail);
  return std::move(payload->calldata);
}

bytes encode_run_payload(bytes_view calldata, bool leader_only) {
  return rlp_list({rlp_string(calldata), flag_item(leader_only)});
}

bytes encode_deploy_payload(bytes_view code, bytes_view calldata, bool leader_only) {
  return rlp_list({rlp_string(code), rlp_string(calldata), flag_item(leader_only)});
}

}  // namespace quorate::chain
