// SPDX-License-Identifier: MIT
#include "rpc/methods/format/block_format.hpp"

#include <charconv>

#include "chain/keccak.hpp"

namespace quorate::rpc::methods {

namespace {

constexpr std::size_t number_digits = 16, digest_bytes = 24;
// Keccak of the RLP of an empty list: a block without uncles.
constexpr std::string_view no_uncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";

std::string zeros(std::size_t digits) { return "0x" + std::string(digits, '0'); }

std::string number_text(std::uint64_t number) {
  auto digits = chain::to_hex_quantity(number).substr(2);
  return std::string(number_digits - digits.size(), '0') + digits;
}

std::string format(json_object& block, const std::string& transactions) {
  block.raw("transactions", transactions).raw("uncles", "[]");
  return block.str();
}

/// Members that say nothing in either kind of block.
void add_empty_roots(json_object& block) {
  block.text("sha3Uncles", no_uncles).text("nonce", zeros(16)).text("logsBloom", zeros(512));
  block.text("transactionsRoot", zeros(64)).text("stateRoot", zeros(64)).text("receiptsRoot", zeros(64));
  block.text("miner", zeros(40)).text("size", "0x0").text("extraData", "0x").text("mixHash", zeros(64));
}

json_object numbered_fields(std::uint64_t number) {
  json_object block;
  block.text("number", chain::to_hex_quantity(number)).text("hash", block_hash(number));
  block.text("parentHash", number == 0 ? zeros(64) : block_hash(number - 1));
  add_empty_roots(block);
  block.text("timestamp", chain::to_hex_quantity(number)).text("difficulty", "0x0").text("totalDifficulty", "0x0");
  block.text("gasUsed", "0x0").text("gasLimit", "0x1c9c380").text("baseFeePerGas", "0x0");
  return block;
}

std::string numbered_block(std::uint64_t number, const std::string& transactions) {
  auto block = numbered_fields(number);
  return format(block, transactions);
}

/// Named by the hash of its only transaction.
std::string lone_block(const std::string& hash, const std::string& transaction) {
  json_object block;
  block.text("number", "0x0").text("hash", hash).text("parentHash", zeros(64));
  add_empty_roots(block);
  block.text("timestamp", "0x0").text("difficulty", "0x1").text("totalDifficulty", "0x1");
  block.text("gasUsed", "0x7a1200").text("gasLimit", "0x7a1200");
  return format(block, json_array({transaction}));
}

}  // namespace

std::string block_hash(std::uint64_t number) {
  const auto digits = number_text(number);
  const auto digest = chain::keccak256(digits);
  return chain::to_hex_0x(chain::bytes_view{digest}.first(digest_bytes)) + digits;
}

std::optional<std::uint64_t> number_of_block_hash(std::string_view hash) {
  if (hash.size() <= number_digits) return std::nullopt;
  const auto digits = hash.substr(hash.size() - number_digits);
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (problem != std::errc{} || end != digits.data() + digits.size() || block_hash(number) != hash) return std::nullopt;
  return number;
}

std::string format_block(std::uint64_t number, const std::vector<db::transaction_row>& rows, std::uint64_t chain_id) {
  const auto own_hash = block_hash(number);
  std::vector<std::string> transactions;
  for (const auto& row : rows) {
    const transaction_parts parts{row};
    transactions.push_back(
        in_block(base_fields(row, parts), row, parts, {own_hash, number, transactions.size()}, chain_id));
  }
  return numbered_block(number, json_array(transactions));
}

std::string format_block(std::uint64_t number, const std::vector<std::string>& hashes) {
  return numbered_block(number, json_strings(hashes));
}

std::string format_head(std::uint64_t number) {
  auto head = numbered_fields(number);
  head.remove("size");
  head.remove("totalDifficulty");
  return head.str();
}

std::string format_own_block(const db::transaction_row& row, const format_context& context) {
  const transaction_parts parts{row};
  return lone_block(
      row.hash, in_block(format_a_fields(row, parts, context), row, parts, {.block_hash = row.hash}, context.chain_id));
}

std::string format_own_block(const std::string& hash) { return lone_block(hash, json_string(hash)); }

}  // namespace quorate::rpc::methods
