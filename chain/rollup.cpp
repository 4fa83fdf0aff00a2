// SPDX-License-Identifier: MIT
#include "chain/rollup.hpp"

#include <algorithm>

#include "chain/consensus_main.hpp"

namespace quorate::chain {

namespace {

std::string address_topic(const address20& address) { return "0x" + std::string(24, '0') + to_hex(address); }

template <std::size_t size>
std::optional<std::array<std::uint8_t, size>> read_exactly(std::string_view text) {
  const auto data = from_hex(text);
  std::array<std::uint8_t, size> out{};
  if (!data || data->size() != size) return std::nullopt;
  std::copy(data->begin(), data->end(), out.begin());
  return out;
}

std::optional<address20> read_address_topic(std::string_view text) {
  const auto word = parse_hash(text);
  if (!word || std::any_of(word->begin(), word->begin() + 12, [](auto byte) { return byte != 0; })) return std::nullopt;
  address20 out{};
  std::copy(word->begin() + 12, word->end(), out.begin());
  return out;
}

std::vector<std::string> topic_texts(const json& log) {
  std::vector<std::string> out;
  if (!log.is_object()) return out;
  const auto topics = log.find("topics");
  if (topics == log.end() || !topics->is_array()) return out;
  for (const json& topic : *topics) {
    if (topic.is_string()) out.push_back(topic.get<std::string>());
  }
  return out;
}

}  // namespace

std::optional<hash256> parse_hash(std::string_view text) { return read_exactly<32>(text); }
std::optional<address20> parse_address(std::string_view text) { return read_exactly<20>(text); }

result<bytes> encode_add_transaction(const add_transaction_call& call) {
  return encode_abi_call(
      known_calls().add_transaction,
      {abi_value{bytes_view{call.sender}}, abi_value{bytes_view{call.recipient}},
       abi_value{call.num_of_initial_validators}, abi_value{call.max_rotations}, abi_value{bytes_view{call.payload}}});
}

result<bytes> encode_announced_transaction(const add_transaction_call& call, const hash256& id,
                                           const address20& recipient) {
  auto data = encode_add_transaction(call);
  if (!data) return data;
  append(*data, id);
  data->resize(data->size() + 12);
  append(*data, recipient);
  return data;
}

bytes encode_submit_appeal(const hash256& transaction) {
  return encode_abi_call(known_calls().submit_appeal, {abi_value{bytes_view{transaction}}}).value();
}

result<bytes> encode_rollup_call(std::string_view name, const abi_values& arguments) {
  const abi_signature* const function = rollup_function(name);
  if (function == nullptr) return fail(errc::internal, "Internal error", {}, "no rollup function " + std::string{name});
  return encode_abi_call(*function, arguments);
}

std::vector<std::string> topics_of(const new_transaction& event) {
  return {to_hex_0x(new_transaction_topic()), to_hex_0x(event.id), address_topic(event.recipient),
          address_topic(event.activator)};
}

std::optional<new_transaction> read_topics(const std::vector<std::string>& topics) {
  if (topics.size() != 4 || parse_hash(topics[0]) != new_transaction_topic()) return std::nullopt;
  const auto id = parse_hash(topics[1]);
  const auto recipient = read_address_topic(topics[2]);
  const auto activator = read_address_topic(topics[3]);
  if (!id || !recipient || !activator) return std::nullopt;
  return new_transaction{.id = *id, .recipient = *recipient, .activator = *activator};
}

std::vector<new_transaction> new_transactions_in(const json& receipt) {
  std::vector<new_transaction> out;
  if (!receipt.is_object()) return out;
  const auto logs = receipt.find("logs");
  if (logs == receipt.end() || !logs->is_array()) return out;
  for (const json& log : *logs) {
    if (const auto event = read_topics(topic_texts(log))) out.push_back(*event);
  }
  return out;
}

}  // namespace quorate::chain
