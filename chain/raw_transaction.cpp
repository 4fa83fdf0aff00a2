// SPDX-License-Identifier: MIT
#include "chain/raw_transaction.hpp"

#include <algorithm>

#include "chain/abi.hpp"
#include "chain/address.hpp"
#include "chain/consensus_main.hpp"
#include "chain/signed_transaction.hpp"

namespace quorate::chain {

namespace {

/// What genlayer-js signs with, whatever the server's own id is.
constexpr std::uint64_t client_chain_ids[] = {61999, 61127};

tl::unexpected<error> not_raw_data(std::string reason) {
  return fail(errc::invalid_params, "Invalid transaction data", {}, std::move(reason));
}

/// `data` is 20 bytes, as every address of the ABI is.
std::string text_of_address(bytes_view data) { return address_text(data).value(); }

std::uint64_t small(const abi_value& value) { return static_cast<std::uint64_t>(value.number()); }

fees_distribution fees_of(const abi_value& tuple) {
  const abi_values& v = tuple.items();
  fees_distribution out{
      .leader_timeunits_allocation = v[0].number(),
      .validator_timeunits_allocation = v[1].number(),
      .appeal_rounds = v[2].number(),
      .execution_budget_per_round = v[3].number(),
      .execution_consumed = v[4].number(),
      .total_message_fees = v[5].number(),
      .rotations = {},
      .max_price_gen_per_time_unit = v[7].number(),
      .storage_fee_max_gas_price = v[8].number(),
      .receipt_fee_max_gas_price = v[9].number(),
  };
  for (const auto& rotation : v[6].items()) out.rotations.push_back(rotation.number());
  return out;
}

message_allocation allocation_of(const abi_value& tuple) {
  const abi_values& v = tuple.items();
  return {.message_type = static_cast<std::uint8_t>(small(v[0])),
          .on_acceptance = v[1].number() != 0,
          .parent_index = v[2].number(),
          .recipient = text_of_address(v[3].data()),
          .call_key = to_hex_0x(v[4].data()),
          .budget = v[5].number(),
          .fee_params = v[6].data()};
}

/// DEPLOY or RUN: what both forms of addTransaction have in common.
status read_call(const abi_value& sender, const abi_value& recipient, const abi_value& payload,
                 decoded_transaction& out) {
  if (text_of_address(sender.data()) != out.from) {
    return fail(errc::invalid_params, "sender does not match the signature");
  }
  const bytes& to = recipient.data();
  const bool deploys = std::all_of(to.begin(), to.end(), [](std::uint8_t byte) { return byte == 0; });
  out.kind = deploys ? transaction_kind::deploy : transaction_kind::run;
  if (!deploys) out.to = text_of_address(to);
  auto decoded = deploys ? decode_deploy_payload(payload.data()) : decode_run_payload(payload.data());
  if (!decoded) return tl::unexpected{decoded.error()};
  out.payload = *std::move(decoded);
  out.payload_bytes = payload.data();
  return {};
}

status read_add_transaction(const abi_values& v, decoded_transaction& out) {
  out.num_of_initial_validators = v[2].number();
  out.max_rotations = v[3].number();
  return read_call(v[0], v[1], v[4], out);
}

status read_add_transaction_with_fees(const abi_values& arguments, decoded_transaction& out) {
  const abi_values& v = arguments[0].items();
  out.num_of_initial_validators = v[2].number();
  out.max_rotations = v[3].number();
  out.valid_until = v[4].number();
  out.salt_nonce = v[5].number();
  out.value = v[6].number();
  out.fee = out.spend > out.value ? integer{out.spend - out.value} : integer{0};
  out.fees = fees_of(v[7]);
  for (const auto& allocation : v[9].items()) out.message_allocations.push_back(allocation_of(allocation));
  return read_call(v[0], v[1], v[8], out);
}

status read_submit_appeal(const abi_values& v, decoded_transaction& out) {
  out.kind = transaction_kind::appeal;
  out.target_id = to_hex_0x(v[0].data());
  return {};
}

status read_top_up(transaction_kind kind, const abi_values& v, decoded_transaction& out) {
  out.kind = kind;
  out.target_id = to_hex_0x(v[0].data());
  out.value = 0;
  out.fee = out.spend;
  out.fees = fees_of(v[1]);
  return {};
}

/// Calls `read` with the decoded arguments when the data calls `function`; empty when it does not.
template <class Read>
std::optional<status> if_calls(const abi_signature& function, bytes_view data, const Read& read) {
  const auto selector = function.selector();
  if (!std::equal(selector.begin(), selector.end(), data.begin())) return std::nullopt;
  const auto arguments = decode_abi(function.inputs, data.subspan(selector.size()));
  if (!arguments) return not_raw_data(arguments.error().message);
  return read(*arguments);
}

/// The meaning of the envelope's data; a transfer when it has none.
status read_data(const transaction_fields& fields, decoded_transaction& out) {
  const bytes_view data = fields.data;
  if (data.size() >= 4) {
    const consensus_calls& known = known_calls();
    const auto add = [&](const abi_values& v) { return read_add_transaction(v, out); };
    const auto add_with_fees = [&](const abi_values& v) { return read_add_transaction_with_fees(v, out); };
    const auto appeal = [&](const abi_values& v) { return read_submit_appeal(v, out); };
    const auto top_up = [&](const abi_values& v) { return read_top_up(transaction_kind::top_up, v, out); };
    const auto both = [&](const abi_values& v) { return read_top_up(transaction_kind::top_up_and_appeal, v, out); };
    if (auto done = if_calls(known.add_transaction, data, add)) return *done;
    if (auto done = if_calls(known.add_transaction_with_fees, data, add_with_fees)) return *done;
    if (auto done = if_calls(known.deploy_salted, data, add_with_fees)) return *done;
    if (auto done = if_calls(known.submit_appeal, data, appeal)) return *done;
    if (auto done = if_calls(known.top_up_fees, data, top_up)) return *done;
    if (auto done = if_calls(known.top_up_and_submit_appeal, data, both)) return *done;
    const auto refused = unhandled_call({data[0], data[1], data[2], data[3]});
    if (!refused.empty()) {
      return fail(errc::invalid_params, std::string{refused} + " is not supported in a raw transaction");
    }
  }
  if (fields.to) out.to = text_of_address(*fields.to);
  return {};
}

bool accepts_chain_id(const std::optional<integer>& id, const raw_transaction_rules& rules) {
  return !id || rules.accept_any_chain_id || *id == rules.chain_id ||
         std::any_of(std::begin(client_chain_ids), std::end(client_chain_ids),
                     [&](auto known) { return *id == known; });
}

/// A number of a million digits is nobody's chain id, and to write it takes seconds.
std::string shown(const integer& number) {
  return number < integer{1} << 256 ? to_decimal(number) : std::string{"above 2^256"};
}

}  // namespace

result<decoded_transaction> decode_raw_transaction(std::string_view text, const raw_transaction_rules& rules) {
  const auto raw = from_hex(text, odd_digits::pad_left);
  if (!raw) return not_raw_data("not hex");
  auto envelope = decode_signed_transaction(*raw);
  if (!envelope) return tl::unexpected{envelope.error()};
  const transaction_fields& fields = envelope->fields;
  if (!accepts_chain_id(fields.chain_id, rules)) {
    return fail(errc::invalid_params, "chain id " + shown(*fields.chain_id) + " is not accepted here");
  }
  decoded_transaction out;
  out.hash = to_hex_0x(envelope->hash);
  out.from = text_of_address(envelope->sender);
  out.nonce = fields.nonce;
  out.chain_id = fields.chain_id;
  out.gas = fields.gas;
  out.value = out.spend = fields.value;
  if (const status done = read_data(fields, out); !done) return tl::unexpected{done.error()};
  return out;
}

status check_storable(const decoded_transaction& transaction) {
  static const integer end_of_amounts = boost::multiprecision::pow(integer{10}, 78);
  constexpr std::int64_t end_of_counts = std::int64_t{1} << 31;
  const auto too_large = [](const char* name) {
    return fail(errc::invalid_params, std::string{"Invalid transaction data: "} + name + " is too large");
  };
  if (transaction.nonce >= end_of_counts) return too_large("nonce");
  if (transaction.value >= end_of_amounts || transaction.spend >= end_of_amounts) return too_large("value");
  if (transaction.num_of_initial_validators.value_or(0) >= end_of_counts) return too_large("numOfInitialValidators");
  if (transaction.max_rotations.value_or(0) >= end_of_counts) return too_large("maxRotations");
  return {};
}

}  // namespace quorate::chain
