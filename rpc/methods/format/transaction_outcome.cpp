// SPDX-License-Identifier: MIT
#include <algorithm>
#include <utility>

#include "chain/keccak.hpp"
#include "rpc/methods/format/transaction_format.hpp"

namespace quorate::rpc::methods {

namespace {

constexpr std::string_view result_names[] = {
    "IDLE",        "AGREE",          "DISAGREE",         "TIMEOUT", "DETERMINISTIC_VIOLATION",
    "NO_MAJORITY", "MAJORITY_AGREE", "MAJORITY_DISAGREE"};
constexpr int timeout = 3, no_majority = 5, majority_agree = 6, majority_disagree = 7;

/// A group decides with strictly more than half of all votes.
int tally(const json& votes) {
  std::size_t agree = 0, disagree = 0, timed_out = 0;
  for (const auto& vote : votes) {
    const auto text = vote.is_string() ? vote.get_ref<const std::string&>() : std::string{};
    agree += text == "agree";
    disagree += text == "disagree" || text == "idle";
    timed_out += text == "timeout";
  }
  const auto decides = [&](std::size_t group) { return 2 * group > votes.size(); };
  if (decides(agree)) return majority_agree;
  if (decides(disagree)) return majority_disagree;
  return decides(timed_out) ? timeout : no_majority;
}

/// The leader as a validator first, then the validators.
std::vector<const json*> voters(const json* round) {
  std::vector<const json*> out;
  if (const auto* leader = element(member(round, "leader_result"), 1)) out.push_back(leader);
  for (const auto* validator : elements(member(round, "validator_results")))
    if (validator->is_object()) out.push_back(validator);
  return out;
}

void append_word(chain::bytes& out, std::uint64_t number) {
  out.insert(out.end(), 24, 0);
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(number >> shift));
}

}  // namespace

int consensus_result(const db::transaction_row& row, const transaction_parts& parts) {
  if (const auto* upgrade = member(&parts.consensus_data, "upgrade_result"))
    return *upgrade == "success" ? majority_agree : majority_disagree;
  const bool decided = row.status == db::tx_status::accepted || row.status == db::tx_status::finalized;
  if (row.execution_mode == "LEADER_ONLY" && decided) return majority_agree;
  const auto* votes = member(&parts.consensus_data, "votes");
  return votes && votes->is_object() ? tally(*votes) : no_majority;
}

std::string_view consensus_result_name(int result) { return result_names[result]; }

std::string vote_hash(std::string_view address, int vote, std::uint64_t number) {
  auto packed = chain::from_hex(address).value_or(chain::bytes{});
  if (packed.size() != 20) packed.assign(20, 0);
  packed.push_back(static_cast<std::uint8_t>(vote));
  append_word(packed, number);
  return chain::to_hex_0x(chain::keccak256(chain::bytes_view{packed}));
}

json_object last_round(const db::transaction_row& row, const transaction_parts& parts, int result) {
  const auto rounds = parts.rounds();
  const auto receipts = rounds.empty() ? std::vector<const json*>{} : voters(rounds.back());
  const auto nonce = static_cast<std::uint64_t>(std::max(0, row.nonce.value_or(0)));
  const auto rotations_left = row.config_rotation_rounds.value_or(0) - row.rotation_count.value_or(0);

  std::vector<std::string> addresses, hashes, votes, names;
  for (const auto* receipt : receipts) {
    const auto address = receipt_address(receipt);
    const int vote = vote_number(text_member(receipt, "vote"));
    addresses.push_back(address);
    hashes.push_back(vote_hash(address, vote, nonce));
    votes.push_back(std::to_string(vote));
    names.emplace_back(vote_name(vote));
  }
  json_object out;
  out.text("round", std::to_string(rounds.empty() ? 0 : rounds.size() - 1)).text("leader_index", "0");
  out.text("votes_committed", std::to_string(receipts.size()));
  out.text("votes_revealed", std::to_string(receipts.size())).text("appeal_bond", "0");
  out.text("rotations_left", std::to_string(rotations_left)).number("result", result);
  out.raw("round_validators", json_strings(addresses)).raw("validator_votes_hash", json_strings(hashes));
  out.raw("validator_votes", json_array(votes)).raw("validator_votes_name", json_strings(names));
  return out;
}

}  // namespace quorate::rpc::methods
