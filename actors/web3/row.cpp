// SPDX-License-Identifier: MIT
#include "actors/web3/row.hpp"

#include <limits>

#include "chain/signed_transaction.hpp"

namespace quorate::actors::web3 {

namespace {

std::optional<std::uint64_t> small(const chain::integer& value) {
  if (value < 0 || value > std::numeric_limits<std::uint64_t>::max()) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

}  // namespace

row make_row(db::forwards::forward what, std::uint64_t chain_id, std::uint64_t nonce, const chain::address20& own) {
  row out;
  out.what = std::move(what);
  if (out.what.fresh) {
    out.chain_id = chain_id;
    out.nonce = nonce;
    out.account = own;
    return out;
  }
  out.at = row::phase::check_used;
  const auto read = chain::decode_signed_transaction(out.what.raw);
  const auto of_chain = read ? small(read->fields.chain_id.value_or(0)) : std::nullopt;
  const auto number = read ? small(read->fields.nonce) : std::nullopt;
  if (!of_chain || !number) {
    out.at = row::phase::again;
    out.error = "what was stored is no signed transaction";
    return out;
  }
  out.chain_id = *of_chain;
  out.nonce = *number;
  out.account = read->sender;
  return out;
}

fate fate_of(std::uint64_t nonce, std::uint64_t used, std::uint64_t next) noexcept {
  if (nonce < used) return fate::replaced;
  if (nonce < next) return fate::pending;
  return nonce == next ? fate::fits : fate::too_early;
}

}  // namespace quorate::actors::web3
