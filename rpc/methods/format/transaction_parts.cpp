// SPDX-License-Identifier: MIT
#include "rpc/methods/format/transaction_parts.hpp"

#include <array>
#include <limits>

namespace quorate::rpc::methods {

namespace {

// What is in the database was bounded when it came in; the reader's depth limit only protects its own stack.
constexpr chain::json_limits column_limits{.depth = 512, .elements = std::numeric_limits<std::size_t>::max()};

constexpr std::array<std::string_view, 6> vote_names{
    "NOT_VOTED", "AGREE", "DISAGREE", "TIMEOUT", "DETERMINISTIC_VIOLATION", "IDLE"};
constexpr std::array<std::string_view, 6> stored_votes{
    "not_voted", "agree", "disagree", "timeout", "deterministic_violation", "idle"};

void remove_private_keys(json& value) {
  if (!value.is_structured()) return;
  if (value.is_object())
    if (const auto key = value.find("private_key"); key != value.end()) *key = nullptr;
  for (auto& child : value) remove_private_keys(child);
}

}  // namespace

json parse_column(const db::json_text& column) {
  if (!column) return nullptr;
  auto parsed = chain::parse_json(*column, column_limits);
  if (!parsed) return nullptr;
  if (column->find("private_key") != std::string::npos) remove_private_keys(*parsed);
  return std::move(*parsed);
}

const json* member(const json* value, std::string_view key) {
  if (!value || !value->is_object()) return nullptr;
  const auto found = value->find(key);
  return found == value->end() || found->is_null() ? nullptr : &*found;
}

std::string text_member(const json* value, std::string_view key) {
  const auto* found = member(value, key);
  return found && found->is_string() ? found->get<std::string>() : std::string{};
}

const json* element(const json* list, std::size_t index) {
  if (!list) return nullptr;
  if (list->is_object()) return index == 0 ? list : nullptr;
  if (!list->is_array() || index >= list->size()) return nullptr;
  const auto& found = (*list)[index];
  return found.is_object() ? &found : nullptr;
}

std::vector<const json*> elements(const json* list) {
  std::vector<const json*> out;
  if (list && list->is_array())
    for (const auto& one : *list) out.push_back(&one);
  return out;
}

transaction_parts::transaction_parts(const db::transaction_row& row)
    : data(parse_column(row.data)),
      consensus_data(parse_column(row.consensus_data)),
      consensus_history(parse_column(row.consensus_history)),
      leader_timeout_validators(parse_column(row.leader_timeout_validators)),
      sim_config(parse_column(row.sim_config)) {}

const json* transaction_parts::leader_receipt(std::size_t index) const {
  return element(member(&consensus_data, "leader_receipt"), index);
}

std::vector<const json*> transaction_parts::rounds() const {
  return elements(member(&consensus_history, "consensus_results"));
}

int execution_result(const transaction_parts& parts) {
  const auto outcome = text_member(parts.leader_receipt(0), "execution_result");
  return outcome == "SUCCESS" ? 1 : outcome == "ERROR" ? 2 : 0;
}

std::string receipt_address(const json* receipt) { return text_member(member(receipt, "node_config"), "address"); }

int vote_number(std::string_view vote) {
  for (std::size_t i = 0; i < stored_votes.size(); ++i)
    if (stored_votes[i] == vote) return static_cast<int>(i);
  return 0;
}

std::string_view vote_name(int number) { return vote_names.at(static_cast<std::size_t>(number)); }

}  // namespace quorate::rpc::methods
