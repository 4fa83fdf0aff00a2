// SPDX-License-Identifier: MIT
#include "chain/base64.hpp"
#include "chain/rlp.hpp"
#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {

namespace {

using chain::bytes;

const bytes zero_byte{0};
constexpr std::uint64_t execution_hash_number = 4444;  // fixed by Studio (docs/spec/encoding.md §4.5)

std::vector<const json*> pending_transactions(const transaction_parts& parts) {
  return elements(member(parts.leader_receipt(0), "pending_transactions"));
}

/// Integers minimal, texts as they are: amounts beyond 2^53 are texts by then (decisions.md Q27).
bytes number_or_text(const json* owner, std::string_view key) {
  const auto* found = member(owner, key);
  if (!found) return chain::rlp_integer(0);
  auto value = *found;
  chain::make_json_safe(value);
  if (value.is_string()) return chain::rlp_string(value.get_ref<const std::string&>());
  const auto number = chain::as_integer(value);
  return chain::rlp_integer(number && *number >= 0 ? *number : chain::integer{0});
}

std::string phase(const json* message) {
  auto on = text_member(message, "on");
  return on.empty() ? "finalized" : on;
}

bytes pending_list(const transaction_parts& parts) {
  std::vector<bytes> items;
  for (const auto* one : pending_transactions(parts))
    items.push_back(chain::rlp_list({chain::rlp_string(text_member(one, "address")),
                                     chain::rlp_string(text_member(one, "calldata")), number_or_text(one, "value"),
                                     chain::rlp_string(phase(one)), chain::rlp_string(text_member(one, "code")),
                                     number_or_text(one, "salt_nonce")}));
  return chain::rlp_list(items);
}

/// [index, [result code, 0x00]] of every round that had a leader.
bytes round_results(const transaction_parts& parts) {
  std::vector<bytes> items;
  for (const auto* round : parts.rounds()) {
    const auto* leader = element(member(round, "leader_result"), 0);
    if (!leader) continue;
    const auto result = chain::from_base64(text_member(leader, "result")).value_or(bytes{});
    const auto code = chain::rlp_integer(result.empty() ? 0 : result.front());
    items.push_back(chain::rlp_list(
        {chain::rlp_integer(items.size()), chain::rlp_list({code, chain::rlp_string(chain::bytes_view{zero_byte})})}));
  }
  return chain::rlp_list(items);
}

}  // namespace

std::string tx_data(const json& data) {
  std::vector<bytes> items;
  for (const auto* key : {"contract_code", "calldata"})
    if (const auto* found = member(&data, key); found && found->is_string())
      if (const auto decoded = chain::from_base64(found->get_ref<const std::string&>()))
        items.push_back(chain::rlp_string(chain::bytes_view{*decoded}));
  if (items.empty()) return {};
  items.push_back(chain::rlp_string(chain::bytes_view{zero_byte}));
  return chain::to_hex(chain::rlp_list(items));
}

std::string eq_blocks_outputs(const transaction_parts& parts) {
  const auto kind = chain::rlp_list({chain::rlp_integer(0), chain::rlp_string(chain::bytes_view{zero_byte})});
  const auto first = chain::rlp_list({kind, pending_list(parts), chain::rlp_list({}), chain::rlp_string("")});
  return chain::to_hex_0x(chain::rlp_list({first, round_results(parts)}));
}

std::string tx_execution_hash(const transaction_parts& parts) {
  const auto* as_validator = parts.leader_receipt(1);
  if (!as_validator) return {};
  return vote_hash(receipt_address(as_validator), vote_number(text_member(as_validator, "vote")),
                   execution_hash_number);
}

std::string messages(const transaction_parts& parts) {
  std::vector<std::string> out;
  for (const auto* one : pending_transactions(parts)) {
    const auto* found = member(one, "value");
    json value = found ? *found : json(0);
    chain::make_json_safe(value);
    json_object message;
    message.text("messageType", "0").text("recipient", text_member(one, "address")).value("value", value);
    message.text("data", text_member(one, "calldata")).boolean("onAcceptance", phase(one) == "accepted");
    out.push_back(message.str());
  }
  return json_array(out);
}

}  // namespace quorate::rpc::methods
