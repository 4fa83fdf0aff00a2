// SPDX-License-Identifier: MIT
#include "engine/python/vm/message.hpp"

#include "engine/python/vm/fields.hpp"

namespace quorate::engine::python {

namespace {

using chain::calldata_array;
using chain::calldata_map;
using chain::calldata_value;
using chain::integer;

template <class T>
status need(const calldata_map& map, const char* name, const char* what) {
  if (find_as<T>(map, name)) return {};
  return fail(errc::invalid_params, std::string{"message."} + name + " must be " + what);
}

status need_number(const calldata_map& map, const char* name) {
  const auto* value = find_as<integer>(map, name);
  if (value && *value >= 0 && msb(*value | 1) < 256) return {};
  return fail(errc::invalid_params, std::string{"message."} + name + " must be a number from 0 to 2^256-1");
}

status check(const calldata_map& map) {
  for (const char* name : {"contract_address", "sender_address", "origin_address"}) {
    if (auto fine = need<chain::address20>(map, name, "an address"); !fine) return fine;
  }
  for (const char* name : {"value", "chain_id"}) {
    if (auto fine = need_number(map, name); !fine) return fine;
  }
  if (auto fine = need<bool>(map, "is_init", "true or false"); !fine) return fine;
  if (auto fine = need<std::string>(map, "datetime", "text"); !fine) return fine;
  if (auto fine = need<calldata_array>(map, "stack", "a list"); !fine) return fine;
  return need<chain::bytes>(map, "entry_data", "bytes");
}

}  // namespace

result<run_message> run_message::from_request(const calldata_map& message, const chain::bytes& calldata,
                                              const std::string& timestamp) {
  calldata_map map;
  for (const char* name :
       {"contract_address", "sender_address", "origin_address", "value", "chain_id", "is_init", "datetime"}) {
    if (const auto* value = find(message, name); value && !is_null(*value)) map.emplace(name, *value);
  }
  map.try_emplace("datetime", timestamp);
  map.try_emplace("value", integer{0});
  map.try_emplace("is_init", false);
  map.emplace("stack", calldata_array{});
  map.emplace("entry_kind", integer{static_cast<int>(entry_kind::main)});
  map.emplace("entry_data", calldata);
  map.emplace("entry_stage_data", calldata_value{});
  return from_calldata(std::move(map));
}

result<run_message> run_message::from_calldata(calldata_map map) {
  if (auto fine = check(map); !fine) return tl::unexpected{fine.error()};
  return run_message{std::move(map)};
}

chain::bytes run_message::encoded() const {
  // Its texts come out of the decoder, which takes nothing but UTF-8.
  return chain::encode_calldata(to_calldata()).value_or(chain::bytes{});
}

const chain::address20& run_message::address(const char* name) const {
  return std::get<chain::address20>(map_.at(name).held);
}

bool run_message::is_init() const { return std::get<bool>(map_.at("is_init").held); }
const std::string& run_message::datetime() const { return std::get<std::string>(map_.at("datetime").held); }
std::size_t run_message::depth() const { return std::get<calldata_array>(map_.at("stack").held).size(); }

run_message run_message::for_callee(const chain::address20& callee, chain::bytes entry_data) const {
  calldata_map map = map_;
  std::get<calldata_array>(map["stack"].held).emplace_back(contract());
  map["contract_address"] = calldata_value{callee};
  map["value"] = calldata_value{integer{0}};
  map["is_init"] = calldata_value{false};
  map["entry_data"] = calldata_value{std::move(entry_data)};
  return run_message{std::move(map)};
}

}  // namespace quorate::engine::python
