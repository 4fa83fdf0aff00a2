// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/personal_message.hpp"
#include "db/submissions.hpp"
#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/schema.hpp"

/// sim_cancelTransaction (docs/spec/json-rpc.md §7.4, consensus.md §3).
namespace quorate::rpc::methods {

namespace {

using db::submissions::cancellation;

result<std::string> cancellable_hash(const json& value) {
  const auto refused = [] { return fail(errc::invalid_params, "Invalid transaction hash format", "{}"); };
  if (!value.is_string()) return refused();
  auto hash = value.get<std::string>();
  if (hash.size() != 66 || !hash.starts_with("0x") || !chain::is_hex(std::string_view{hash}.substr(2)))
    return refused();
  std::transform(hash.begin(), hash.end(), hash.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? char(c + 32) : c; });
  return hash;
}

/// Who signed "cancel this transaction"; empty when nobody can be made out.
std::optional<std::string> canceller(std::string_view hash, const json& signature) {
  if (!signature.is_string()) return std::nullopt;
  const auto id = chain::from_hex(hash);
  if (!id || id->size() != 32) return std::nullopt;
  chain::hash256 transaction;
  std::copy(id->begin(), id->end(), transaction.begin());
  auto signer =
      chain::recover_personal_signer(chain::cancel_message(transaction), signature.get_ref<const std::string&>());
  return signer ? std::optional{std::move(*signer)} : std::nullopt;
}

tl::unexpected<error> no_such_transaction(const std::string& hash) {
  return fail(errc::not_found, "Transaction not found", data_of("transaction_hash", hash));
}

/// The order of the refusals is upstream's: unknown, not allowed, too late.
db::unit_of_work<cancellation> cancel_transaction(std::string hash, bool trusted, std::optional<std::string> signer) {
  return [=](db::transaction& tx) -> result<cancellation> {
    if (!trusted) {
      const auto sender = db::submissions::sender(tx, hash);
      if (!sender) return tl::unexpected{sender.error()};
      if (!sender->known) return no_such_transaction(hash);
      if (!signer || sender->address != signer)
        return fail(errc::application, "Cancel requires admin key or sender signature", "{}");
    }
    auto done = db::submissions::cancel(tx, hash);
    if (!done) return tl::unexpected{std::move(done.error())};
    if (!*done) return no_such_transaction(hash);
    if (!(*done)->canceled) {
      return fail(errc::application, "Transaction cannot be cancelled: already being processed or in a terminal state",
                  chain::dump_json(json{{"transaction_hash", hash}, {"status", (*done)->status}}));
    }
    return std::move(**done);
  };
}

}  // namespace

void add_cancellation(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    auto hash = cancellable_hash(c.params[0]);
    if (!hash) return context.reply(tl::unexpected{std::move(hash.error())});
    auto signer = c.trusted ? std::nullopt : canceller(*hash, c.params[1]);
    reply_after_commit(context, cancel_transaction(*hash, c.trusted, std::move(signer)), with.wake_loops,
                       [hash = *hash](const cancellation&) {
                         return chain::dump_json(json{{"transaction_hash", hash}, {"status", "CANCELED"}});
                       });
  };
  table.add(
      {.name = "sim_cancelTransaction",
       .summary = "Cancels a transaction that nobody has begun to work on, and gives back what was paid for it.",
       .params = {{.name = "transaction_hash", .help = "0x and 64 hex digits."},
                  {.name = "signature",
                   .type = param_type::string,
                   .required = false,
                   .help = "EIP-191 signature of the sender over keccak256(\"cancel_transaction\" and the 32 bytes of "
                           "the hash); needed where the admin key would be."}},
       .result_schema = schema::object({{"transaction_hash", schema::hash()}, {"status", schema::text()}}),
       .gate = gate::admin_or_signature,
       .level = log_level::info,
       .handler = steps{start}});
}

}  // namespace quorate::rpc::methods
