// SPDX-License-Identifier: MIT
#include "chain/raw_transaction.hpp"

#include <gtest/gtest.h>

#include <set>

#include "chain/abi.hpp"
#include "chain/address.hpp"
#include "chain/consensus_main.hpp"
#include "chain/signed_transaction.hpp"
#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

const json& transaction_vectors() {
  static const json all = tests::vectors("raw-transactions");
  return all.at("vectors");
}

const json& vector_named(std::string_view id) {
  for (const json& v : transaction_vectors()) {
    if (v.at("id") == id) return v;
  }
  throw std::out_of_range{std::string{id}};
}

std::string raw_of(std::string_view id) { return vector_named(id).at("raw").get<std::string>(); }

/// Where decisions.md (Q23, "Bytes") differs from what upstream does with the vector: the refusal's text.
std::optional<std::string> decided_refusal(const std::string& id) {
  if (id == "tx-legacy-wrong-chain-id" || id == "tx-1559-wrong-chain-id") return "is not accepted here";
  if (id == "tx-sender-mismatch" || id == "sig-v-0") return "sender does not match the signature";
  if (id == "v6-add-transaction" || id == "gl-finalize" || id == "cm-cancel-transaction") {
    return "is not supported in a raw transaction";
  }
  return std::nullopt;
}

integer number_in(const json& value) {
  return value.is_string() ? integer{value.get<std::string>()} : integer{value.get<std::uint64_t>()};
}

void expect_fees(const std::optional<fees_distribution>& fees, const json& expected) {
  ASSERT_EQ(fees.has_value(), !expected.is_null());
  if (!fees) return;
  EXPECT_EQ(fees->leader_timeunits_allocation, number_in(expected.at("leaderTimeunitsAllocation")));
  EXPECT_EQ(fees->validator_timeunits_allocation, number_in(expected.at("validatorTimeunitsAllocation")));
  EXPECT_EQ(fees->appeal_rounds, number_in(expected.at("appealRounds")));
  EXPECT_EQ(fees->execution_budget_per_round, number_in(expected.at("executionBudgetPerRound")));
  EXPECT_EQ(fees->execution_consumed, number_in(expected.at("executionConsumed")));
  EXPECT_EQ(fees->total_message_fees, number_in(expected.at("totalMessageFees")));
  EXPECT_EQ(fees->max_price_gen_per_time_unit, number_in(expected.at("maxPriceGenPerTimeUnit")));
  EXPECT_EQ(fees->storage_fee_max_gas_price, number_in(expected.at("storageFeeMaxGasPrice")));
  EXPECT_EQ(fees->receipt_fee_max_gas_price, number_in(expected.at("receiptFeeMaxGasPrice")));
  ASSERT_EQ(fees->rotations.size(), expected.at("rotations").size());
  for (std::size_t i = 0; i < fees->rotations.size(); ++i) {
    EXPECT_EQ(fees->rotations[i], number_in(expected.at("rotations")[i]));
  }
}

void expect_call(const decoded_transaction& got, const json& call, const json& genlayer) {
  EXPECT_EQ(static_cast<int>(got.kind), genlayer.at("type_code"));
  EXPECT_EQ(got.from, genlayer.at("from_address"));
  EXPECT_EQ(to_decimal(got.value), genlayer.at("value"));
  if (call.is_null()) {
    EXPECT_EQ(got.to ? json(*got.to) : json(), genlayer.at("to_address"));
    EXPECT_FALSE(got.num_of_initial_validators);
    return;
  }
  const json& args = call.at("args");
  // A DEPLOY names the zero address.
  EXPECT_EQ(got.to.value_or("0x0000000000000000000000000000000000000000"), args.at("recipient"));
  EXPECT_EQ(got.to.has_value(), got.kind == transaction_kind::run);
  EXPECT_EQ(got.num_of_initial_validators, number_in(args.at("num_of_initial_validators")));
  EXPECT_EQ(got.max_rotations, number_in(args.at("max_rotations")));
  EXPECT_EQ(got.valid_until.has_value(), !args.at("valid_until").is_null());
  if (got.valid_until) {
    EXPECT_EQ(*got.valid_until, number_in(args.at("valid_until")));
  }
  EXPECT_EQ(got.salt_nonce, number_in(args.at("salt_nonce")));
  expect_fees(got.fees, args.at("fees_distribution"));
  EXPECT_EQ(to_string(got.payload.mode), genlayer.at("execution_mode"));
  EXPECT_EQ(to_hex_0x(keccak256(got.payload.calldata)), genlayer.at("calldata_keccak256"));
  EXPECT_EQ(got.payload.calldata.size(), genlayer.at("calldata_length"));
  if (got.kind == transaction_kind::deploy) {
    EXPECT_EQ(to_hex_0x(keccak256(got.payload.code)), genlayer.at("contract_code_keccak256"));
  }
  const json& allocations = args.at("message_allocations");
  ASSERT_EQ(got.message_allocations.size(), args.at("message_allocations_count"));
  for (std::size_t i = 0; i < got.message_allocations.size(); ++i) {
    const message_allocation& allocation = got.message_allocations[i];
    const json& expected = allocations.at(i);
    EXPECT_EQ(allocation.message_type, expected.at("messageType"));
    EXPECT_EQ(allocation.on_acceptance, expected.at("onAcceptance"));
    EXPECT_EQ(allocation.parent_index, number_in(expected.at("parentIndex")));
    EXPECT_EQ(allocation.recipient, expected.at("recipient"));
    EXPECT_EQ(allocation.call_key, expected.at("callKey"));
    EXPECT_EQ(allocation.budget, number_in(expected.at("budget")));
    EXPECT_EQ(to_hex_0x(allocation.fee_params), expected.at("feeParams"));
  }
}

void expect_envelope(const json& v, const decoded_transaction& got) {
  const json& expected = v.at("expect").at("envelope");
  EXPECT_EQ(got.nonce, number_in(expected.at("nonce")));
  EXPECT_EQ(to_decimal(got.spend), expected.at("value"));
  const auto raw = from_hex(v.at("raw").get<std::string>(), odd_digits::pad_left).value();
  const auto envelope = decode_signed_transaction(raw);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(static_cast<int>(envelope->fields.type), expected.at("type"));
  EXPECT_EQ(envelope->fields.to ? json(*address_text(*envelope->fields.to)) : json(), expected.at("to"));
  // The vectors about odd forms of hex and recovery list fewer members.
  const json shown{{"chain_id", got.chain_id ? json(static_cast<std::uint64_t>(*got.chain_id)) : json()},
                   {"gas", to_decimal(got.gas)},
                   {"signing_digest", to_hex_0x(envelope->signing_hash)},
                   {"r", to_hex_0x(envelope->signature.r)},
                   {"s", to_hex_0x(envelope->signature.s)},
                   {"y_parity", envelope->signature.odd ? 1 : 0}};
  for (const auto& [key, value] : shown.items()) {
    if (expected.contains(key)) {
      EXPECT_EQ(value, expected.at(key)) << key;
    }
  }
}

TEST(raw_transaction, agrees_with_the_vectors) {
  ASSERT_GE(transaction_vectors().size(), 78u);
  std::set<std::string> decided;
  for (const json& v : transaction_vectors()) {
    const auto id = v.at("id").get<std::string>();
    SCOPED_TRACE(id);
    const json& expected = v.at("expect");
    const auto got = decode_raw_transaction(v.at("raw").get<std::string>(), {.chain_id = 61999});
    if (const auto refusal = decided_refusal(id)) {
      ASSERT_FALSE(got);
      EXPECT_EQ(got.error().code, errc::invalid_params);
      EXPECT_NE(got.error().message.find(*refusal), std::string::npos) << got.error().message;
      decided.insert(id);
      continue;
    }
    if (expected.at("outcome") == "rejected") {
      ASSERT_FALSE(got);
      EXPECT_EQ(got.error().code, errc::invalid_params);
      // Upstream answers a bad payload with -32603 and its library's words (decisions.md "Bytes").
      const bool bad_payload = expected.at("error").at("code") == -32603;
      EXPECT_EQ(got.error().message, bad_payload ? "Invalid transaction payload" : "Invalid transaction data");
      EXPECT_FALSE(got.error().detail.empty());
      continue;
    }
    ASSERT_TRUE(got) << got.error().message << ": " << got.error().detail;
    EXPECT_EQ(got->hash, expected.at("tx_hash"));
    EXPECT_EQ(got->from, expected.at("sender"));
    EXPECT_EQ(to_decimal(got->spend), expected.at("total_spend"));
    EXPECT_EQ(to_decimal(got->fee), expected.at("fee_value"));
    expect_envelope(v, *got);
    if (expected.at("outcome") == "accepted") {
      expect_call(*got, expected.at("call"), expected.at("genlayer"));
    } else {
      EXPECT_EQ(got->target_id, expected.at("rpc_result"));
      const bool appeals = expected.at("outcome") == "appeal";
      const json& details = expected.at(appeals ? "appeal" : "top_up");
      const bool both = appeals && details.at("top_up_and_submit").get<bool>();
      EXPECT_EQ(got->kind, both      ? transaction_kind::top_up_and_appeal
                           : appeals ? transaction_kind::appeal
                                     : transaction_kind::top_up);
      expect_fees(got->fees, details.at("fees_distribution"));
    }
  }
  EXPECT_EQ(decided.size(), 7u);
}

TEST(raw_transaction, any_chain_id_is_taken_where_the_server_is_told_to) {
  EXPECT_FALSE(decode_raw_transaction(raw_of("tx-legacy-wrong-chain-id")));
  EXPECT_TRUE(decode_raw_transaction(raw_of("tx-legacy-wrong-chain-id"), {.accept_any_chain_id = true}));
  const auto id = decode_raw_transaction(raw_of("tx-1559-wrong-chain-id"), {.accept_any_chain_id = true})->chain_id;
  const auto own = static_cast<std::uint64_t>(id.value());
  EXPECT_TRUE(decode_raw_transaction(raw_of("tx-1559-wrong-chain-id"), {.chain_id = own}));
  EXPECT_TRUE(decode_raw_transaction(raw_of("transfer-legacy"), {.chain_id = 1})) << "61999 is what clients sign with";
}

TEST(raw_transaction, a_refused_function_is_named_without_the_words_that_make_clients_try_again) {
  for (const char* id : {"v6-add-transaction", "gl-finalize", "cm-cancel-transaction"}) {
    const auto got = decode_raw_transaction(raw_of(id));
    ASSERT_FALSE(got);
    for (const char* words :
         {"invalid pointer", "could not decode", "invalid arrayify value", "types/value length mismatch"}) {
      EXPECT_EQ(got.error().message.find(words), std::string::npos);
      EXPECT_EQ(got.error().detail.find(words), std::string::npos);
    }
  }
  EXPECT_EQ(decode_raw_transaction(raw_of("gl-finalize")).error().message,
            "finalizeTransaction(bytes32) is not supported in a raw transaction");
}

TEST(raw_transaction, what_the_columns_cannot_hold_is_refused_before_it_is_stored) {
  EXPECT_TRUE(check_storable(decode_raw_transaction(raw_of("transfer-huge-value")).value()));
  EXPECT_EQ(check_storable(decode_raw_transaction(raw_of("tx-nonce-2-31")).value()).error().message,
            "Invalid transaction data: nonce is too large");
  EXPECT_EQ(check_storable(decode_raw_transaction(raw_of("abi-uint-max")).value()).error().code, errc::invalid_params);
  decoded_transaction transaction;
  transaction.nonce = (std::int64_t{1} << 31) - 1;
  transaction.value = transaction.spend = boost::multiprecision::pow(integer{10}, 78) - 1;
  transaction.num_of_initial_validators = transaction.max_rotations = transaction.nonce;
  EXPECT_TRUE(check_storable(transaction));
  transaction.spend += 1;
  EXPECT_FALSE(check_storable(transaction));
}

const private_key key_of_one = parse_private_key(std::string(64, '1')).value();

result<decoded_transaction> decode_call(const abi_signature& function, const abi_values& arguments,
                                        const integer& value) {
  const transaction_fields fields{.type = envelope_type::dynamic_fee,
                                  .chain_id = integer{61999},
                                  .value = value,
                                  .data = encode_abi_call(function, arguments).value()};
  return decode_raw_transaction(to_hex(sign_transaction(fields, key_of_one).value()));
}

abi_value fee_values() {
  abi_values out(10);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = abi_value{integer{i}};
  out[6] = abi_value{abi_values{abi_value{integer{60}}, abi_value{integer{61}}}};
  return abi_value{out};
}

TEST(raw_transaction, the_form_with_fees_under_both_names) {
  const abi_value sender{bytes_view{address_of(key_of_one).value()}}, nobody{bytes_view{bytes(20)}};
  const auto call = [&](const abi_signature& function, int value) {
    return decode_call(
        function,
        {abi_value{abi_values{sender, nobody, abi_value{integer{5}}, abi_value{integer{3}}, abi_value{integer{9}},
                              abi_value{integer{8}}, abi_value{integer{100}}, fee_values(),
                              abi_value{bytes_view{encode_deploy_payload(as_bytes("code"), bytes{6}, true)}},
                              abi_value{abi_values{}}}}},
        value);
  };
  for (const auto* function : {&known_calls().add_transaction_with_fees, &known_calls().deploy_salted}) {
    const auto got = call(*function, 130);
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->kind, transaction_kind::deploy);
    EXPECT_FALSE(got->to);
    EXPECT_EQ(got->value, 100);
    EXPECT_EQ(got->fee, 30);
    EXPECT_EQ(got->spend, 130);
    EXPECT_EQ(got->valid_until, integer{9});
    EXPECT_EQ(got->salt_nonce, 8);
    EXPECT_EQ(got->payload.mode, execution_mode::leader_only);
    EXPECT_EQ(got->fees->rotations, (std::vector<integer>{60, 61}));
    EXPECT_EQ(got->fees->receipt_fee_max_gas_price, 9);
    const auto poor = call(*function, 70);
    EXPECT_EQ(poor->fee, 0) << "never negative";
    EXPECT_EQ(poor->spend, 70);
  }
}

TEST(raw_transaction, top_ups_carry_their_value_as_fee) {
  const abi_value id{bytes_view{bytes(32, 0xab)}};
  const auto& known = known_calls();
  const auto got = decode_call(known.top_up_and_submit_appeal, {id, fee_values()}, 77);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->kind, transaction_kind::top_up_and_appeal);
  EXPECT_EQ(got->target_id, to_hex_0x(bytes(32, 0xab)));
  EXPECT_EQ(got->value, 0);
  EXPECT_EQ(got->fee, 77);
  const auto appeal = decode_call(known.submit_appeal, {id}, 77);
  EXPECT_EQ(appeal->kind, transaction_kind::appeal);
  EXPECT_EQ(appeal->value, 77) << "an appeal's bond";
  EXPECT_EQ(appeal->fee, 0);
  EXPECT_EQ(decode_call(known.top_up_fees, {id, fee_values()}, 1)->kind, transaction_kind::top_up);
}

TEST(raw_transaction, every_unhandled_function_of_the_default_abi_is_refused) {
  const json all = tests::vectors("abi");
  int refused = 0;
  for (const json& v : all.at("functions")) {
    const auto signature = parse_abi_signature(v.at("signature").get<std::string>()).value();
    const std::string where = v.at("in").dump();
    const bool known =
        where.find("upstream default") != std::string::npos || where.find("fallback") != std::string::npos;
    const bool handled = where.find("head parser") != std::string::npos ||
                         signature.text() == known_calls().add_transaction.text() ||
                         signature.text() == known_calls().submit_appeal.text();
    EXPECT_EQ(!unhandled_call(signature.selector()).empty(), known && !handled) << v;
    refused += known && !handled ? 1 : 0;
  }
  EXPECT_EQ(refused, 28) << "27 and the form with six arguments";
}

}  // namespace
}  // namespace quorate::chain
