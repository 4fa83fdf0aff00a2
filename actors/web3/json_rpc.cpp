// SPDX-License-Identifier: MIT
#include "actors/web3/json_rpc.hpp"

#include <limits>

#include "chain/rollup.hpp"

namespace quorate::actors::web3 {

namespace {

using chain::json;

constexpr chain::json_limits node_limits{.depth = 64, .elements = 1'000'000};
constexpr std::size_t shown = 500;  // of a node's words

const json* member(const json& value, const char* key) {
  const auto found = value.find(key);
  return found == value.end() ? nullptr : &*found;
}

std::string words_of(const json& error) {
  const json* const message = error.is_object() ? member(error, "message") : nullptr;
  std::string out = message != nullptr && message->is_string() ? message->get<std::string>() : chain::dump_json(error);
  if (out.size() > shown) out.resize(shown);
  return out.empty() ? "refused" : out;
}

std::optional<std::uint64_t> id_of(const json& answer) {
  const json* const id = answer.is_object() ? member(answer, "id") : nullptr;
  if (id == nullptr || !id->is_number_integer()) return std::nullopt;
  return id->get<std::uint64_t>();
}

std::optional<reply> reply_in(json& answer) {
  if (const json* const error = member(answer, "error"); error != nullptr && !error->is_null())
    return reply{.refusal = words_of(*error)};
  const auto result = answer.find("result");
  if (result == answer.end()) return std::nullopt;
  return reply{.result = std::move(*result)};
}

}  // namespace

std::string request_text(std::uint64_t id, std::string_view method, const json& params) {
  std::string out =
      R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" + std::string{method} + R"(","params":)";
  chain::dump_json_to(out, params);
  return out += '}';
}

std::optional<reply> read_reply(std::string_view text, std::uint64_t id) {
  auto parsed = chain::parse_json(text, node_limits);
  if (!parsed || id_of(*parsed) != id) return std::nullopt;
  return reply_in(*parsed);
}

std::string batch_text(std::uint64_t first_id, std::string_view method, const std::vector<json>& params) {
  std::string out{'['};
  for (std::size_t i = 0; i < params.size(); ++i)
    (out += i == 0 ? "" : ",") += request_text(first_id + i, method, params[i]);
  return out += ']';
}

std::optional<batch_reply> read_batch(std::string_view text, std::uint64_t first_id, std::size_t calls) {
  auto parsed = chain::parse_json(text, node_limits);
  if (!parsed) return std::nullopt;
  if (parsed->is_object() && member(*parsed, "error") != nullptr) return batch_reply{.refused = true};
  if (!parsed->is_array() || parsed->size() != calls) return std::nullopt;
  std::vector<std::optional<reply>> found(calls);
  for (auto& one : *parsed) {
    const auto id = id_of(one);
    if (!id || *id < first_id || *id - first_id >= calls) return std::nullopt;
    found[*id - first_id] = reply_in(one);
  }
  batch_reply out;
  for (auto& one : found) {
    if (!one) return std::nullopt;
    out.replies.push_back(std::move(*one));
  }
  return out;
}

std::optional<std::uint64_t> read_quantity(const json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto number = chain::parse_hex_quantity(value.get_ref<const std::string&>());
  if (!number || *number > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<receipt> read_receipt(const json& value, std::string_view rollup_hash) {
  if (!value.is_object()) return std::nullopt;
  const json* const hash = member(value, "transactionHash");
  const json* const status = member(value, "status");
  const json* const block = member(value, "blockNumber");
  if (hash == nullptr || status == nullptr || block == nullptr || *hash != rollup_hash) return std::nullopt;
  const auto code = read_quantity(*status);
  const auto number = read_quantity(*block);
  if (!code || *code > 1 || !number) return std::nullopt;
  receipt out{.succeeded = *code == 1, .block = static_cast<std::int64_t>(*number & 0x7fffffffffffffff)};
  const auto events = chain::new_transactions_in(value);
  if (!events.empty()) out.announced = chain::to_hex_0x(events.front().id);
  return out;
}

}  // namespace quorate::actors::web3
