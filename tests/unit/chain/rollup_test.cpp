// SPDX-License-Identifier: MIT
#include "chain/rollup.hpp"

#include <gtest/gtest.h>

#include <set>

#include "chain/consensus_main.hpp"
#include "chain/payload.hpp"
#include "tests/unit/chain/vectors.hpp"

namespace quorate::chain {
namespace {

using tests::unhex;

const json& abi_vectors() {
  static const json all = tests::vectors("abi");
  return all;
}

const json& example(std::string_view id) {
  for (const json& v : abi_vectors().at("examples")) {
    if (v.at("id") == id) return v;
  }
  throw std::out_of_range{std::string{id}};
}

address20 address_from(std::string_view text) {
  address20 out{};
  const bytes data = unhex(text);
  std::copy_n(data.begin(), out.size(), out.begin());
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The canonical signature of an entry of a JSON ABI.
std::string type_in(const json& parameter) {
  const auto type = parameter.at("type").get<std::string>();
  if (!type.starts_with("tuple")) return type;
  std::string out = "(";
  for (const json& part : parameter.at("components")) out += (out.size() > 1 ? "," : "") + type_in(part);
  return out + ")" + type.substr(5);
}

std::string signature_in(const json& entry) {
  std::string out = entry.at("name").get<std::string>() + "(";
  bool first = true;
  for (const json& input : entry.at("inputs")) {
    out += (first ? "" : ",") + type_in(input);
    first = false;
  }
  return out + ")";
}

TEST(consensus_main, the_abi_is_what_the_vectors_say_of_upstreams) {
  const json abi = json::parse(consensus_main_abi());
  std::set<std::string> functions, events;
  std::map<std::string, json> by_signature;
  for (const json& entry : abi) {
    const std::string signature = signature_in(entry);
    by_signature[signature] = entry;
    (entry.at("type") == "event" ? events : functions).insert(signature);
  }
  const auto upstream = [](const json& v) { return v.at("in").dump().find("upstream default") != std::string::npos; };
  std::size_t count = 0;
  for (const json& v : abi_vectors().at("functions")) {
    const auto signature = v.at("signature").get<std::string>();
    ASSERT_EQ(functions.contains(signature), upstream(v)) << signature;
    if (!upstream(v)) continue;
    ++count;
    const json& entry = by_signature.at(signature);
    EXPECT_EQ(entry.at("stateMutability"), v.at("stateMutability")) << signature;
    ASSERT_EQ(entry.at("inputs").size(), v.at("inputs").size());
    for (std::size_t i = 0; i < v.at("inputs").size(); ++i) {
      EXPECT_EQ(entry.at("inputs")[i].at("name"), v.at("inputs")[i]) << signature;
    }
  }
  EXPECT_EQ(functions.size(), count);
  count = 0;
  for (const json& v : abi_vectors().at("events")) {
    const auto signature = v.at("signature").get<std::string>();
    ASSERT_EQ(events.contains(signature), upstream(v)) << signature;
    if (!upstream(v)) continue;
    ++count;
    json indexed = json::array(), data = json::array();
    for (const json& input : by_signature.at(signature).at("inputs")) {
      (input.at("indexed").get<bool>() ? indexed : data).push_back(input.at("name"));
    }
    EXPECT_EQ(indexed, v.at("indexed")) << signature;
    EXPECT_EQ(data, v.at("data")) << signature;
  }
  EXPECT_EQ(events.size(), count);
  EXPECT_EQ(abi.size(), functions.size() + events.size()) << "nothing twice";
}

TEST(consensus_main, functions_of_the_deployed_contract_have_the_vectors_selectors) {
  int seen = 0;
  for (const json& v : abi_vectors().at("functions")) {
    const auto text = v.at("signature").get<std::string>();
    if (!text.starts_with("emit")) continue;
    const auto* function = rollup_function(text.substr(0, text.find('(')));
    ASSERT_NE(function, nullptr) << text;
    EXPECT_EQ(to_hex_0x(function->selector()), v.at("selector")) << text;
    ++seen;
  }
  EXPECT_EQ(seen, 9);
  EXPECT_EQ(rollup_function("addTransaction"), nullptr);
  EXPECT_EQ(to_hex_0x(known_calls().add_transaction.selector()), "0x27241a99");
  EXPECT_EQ(to_hex_0x(known_calls().add_transaction_with_fees.selector()), "0x35a251fb");
  EXPECT_EQ(to_hex_0x(known_calls().deploy_salted.selector()), "0x98863702");
  EXPECT_EQ(to_hex_0x(known_calls().submit_appeal.selector()), "0x8b5de1bc");
  EXPECT_EQ(to_hex_0x(known_calls().top_up_fees.selector()), "0xfa648bb3");
  EXPECT_EQ(to_hex_0x(known_calls().top_up_and_submit_appeal.selector()), "0x6985d9c5");
}

TEST(rollup, calls_are_encoded_as_the_clients_do) {
  const json& accepted = example("emitTransactionAccepted-empty");
  EXPECT_EQ(to_hex_0x(encode_rollup_call("emitTransactionAccepted",
                                         {abi_value{bytes_view{bytes(32, 0xab)}}, abi_value{abi_values{}}})
                          .value()),
            accepted.at("data"));
  EXPECT_EQ(encode_rollup_call("emitNothing", {}).error().code, errc::internal);
  EXPECT_EQ(encode_rollup_call("emitVoteCommitted", {}).error().code, errc::invalid_params);
  hash256 id{};
  id.fill(0xab);
  EXPECT_EQ(to_hex(encode_submit_appeal(id)), "8b5de1bc" + to_hex(id));
}

TEST(rollup, add_transaction_is_what_genlayer_js_sends) {
  const json all = tests::vectors("raw-transactions");
  const auto& v = *std::find_if(all.at("vectors").begin(), all.at("vectors").end(),
                                [](const json& one) { return one.at("id") == "gl-deploy-leader-only"; });
  const json& args = v.at("expect").at("call").at("args");
  const auto data = encode_add_transaction({.sender = address_from(args.at("sender").get<std::string>()),
                                            .recipient = {},
                                            .num_of_initial_validators = 5,
                                            .max_rotations = 7,
                                            .payload = unhex(args.at("payload"))});
  ASSERT_TRUE(data);
  EXPECT_NE(v.at("raw").get<std::string>().find(to_hex(*data)), std::string::npos);
}

TEST(rollup, an_announced_transaction_is_the_call_with_its_id_and_recipient_behind) {
  const add_transaction_call call{.sender = address20{1}, .num_of_initial_validators = 5, .payload = {1, 2, 3}};
  const auto plain = encode_add_transaction(call).value();
  const auto announced = encode_announced_transaction(call, keccak256("id"), address20{2}).value();
  EXPECT_EQ(to_hex(announced), to_hex(plain) + to_hex(keccak256("id")) + std::string(24, '0') + to_hex(address20{2}));
}

TEST(rollup, hashes_and_addresses_have_their_length) {
  EXPECT_EQ(parse_hash(to_hex_0x(keccak256("x"))), keccak256("x"));
  EXPECT_EQ(parse_address(to_hex(address20{7})), address20{7});
  for (const std::string wrong : {"", "0x", "0x12", "zz"}) {
    EXPECT_FALSE(parse_hash(wrong)) << wrong;
    EXPECT_FALSE(parse_address(wrong)) << wrong;
  }
}

TEST(rollup, the_event_of_a_new_transaction) {
  const json& v = example("log-topics");
  new_transaction event{.recipient = address_from(v.at("to").get<std::string>()),
                        .activator = address_from(v.at("from").get<std::string>())};
  event.id.fill(0xab);
  const auto topics = topics_of(event);
  ASSERT_EQ(topics.size(), v.at("topics").size());
  for (std::size_t i = 0; i < topics.size(); ++i) EXPECT_EQ(topics[i], lower(v.at("topics")[i].get<std::string>()));
  // Whatever the letter case.
  EXPECT_EQ(read_topics(v.at("topics").get<std::vector<std::string>>()), event);
}

TEST(rollup, events_are_found_among_other_logs) {
  const new_transaction first{.id = keccak256("1"), .recipient = address_from(std::string(40, '1')), .activator = {}};
  const new_transaction second{.id = keccak256("2"), .recipient = {}, .activator = address_from(std::string(40, '2'))};
  auto dirty = topics_of(first);
  dirty[2][4] = '1';
  auto three = topics_of(first);
  three.pop_back();
  const json receipt{{"logs",
                      {{{"topics", topics_of(first)}, {"data", "0x"}},
                       {{"topics", {to_hex_0x(keccak256("Other(bytes32)")), to_hex_0x(first.id)}}},
                       {{"topics", dirty}},
                       {{"topics", three}},
                       {{"topics", {1, 2, 3, 4}}},
                       {{"topics", "none"}},
                       {{"address", "0x"}},
                       "no log",
                       {{"topics", topics_of(second)}}}}};
  EXPECT_EQ(new_transactions_in(receipt), (std::vector{first, second}));
  EXPECT_TRUE(new_transactions_in(json{{"logs", nullptr}}).empty());
  EXPECT_TRUE(new_transactions_in(json::object()).empty());
  EXPECT_TRUE(new_transactions_in(nullptr).empty());
}

}  // namespace
}  // namespace quorate::chain
