// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "chain/base64.hpp"
#include "chain/contract_address.hpp"
#include "chain/raw_transaction.hpp"
#include "chain/rollup.hpp"
#include "db/submissions.hpp"
#include "rpc/methods/after_commit.hpp"
#include "rpc/methods/all.hpp"
#include "rpc/methods/schema.hpp"

/// eth_sendRawTransaction: signed transactions come in (docs/spec/json-rpc.md §7.7, encoding.md §1).
namespace quorate::rpc::methods {

namespace {

using chain::decoded_transaction;
using chain::transaction_kind;
using db::submissions::verdict;

bool has_payload(const decoded_transaction& t) {
  return t.kind == transaction_kind::deploy || t.kind == transaction_kind::run;
}

/// `transactions.data` (docs/spec/database.md §2.3).
std::string stored_data(const decoded_transaction& t, const std::string& contract) {
  json data = json::object();
  if (has_payload(t)) data["calldata"] = chain::to_base64(t.payload.calldata);
  if (t.kind == transaction_kind::deploy) {
    data["contract_address"] = contract;
    data["contract_code"] = chain::to_base64(t.payload.code);
  }
  return chain::dump_json(data);
}

/// Where a DEPLOY without a rollup goes: the same place each time it is submitted (decisions.md Q24).
result<std::string> new_contract(const decoded_transaction& t) {
  const auto sender = chain::from_hex(t.from), hash = chain::from_hex(t.hash);
  if (!sender || sender->size() != 20 || !hash || hash->size() != 32) return fail(errc::internal, {});
  chain::address20 from;
  chain::hash256 id;
  std::copy(sender->begin(), sender->end(), from.begin());
  std::copy(hash->begin(), hash->end(), id.begin());
  return chain::deploy_address(from, t.nonce, id);
}

/// What is called on the rollup: as the client called, under the id that it is told, and for the contract's address
/// that it will find (docs/spec/decisions.md, Rollup).
result<chain::bytes> rollup_call(const decoded_transaction& t, const std::string& contract) {
  const auto sender = chain::parse_address(t.from), recipient = chain::parse_address(t.to.value_or(contract));
  const auto id = chain::parse_hash(t.hash);
  if (!sender || !recipient || !id) return fail(errc::internal, {});
  chain::add_transaction_call call{.sender = *sender,
                                   .num_of_initial_validators = t.num_of_initial_validators.value_or(0),
                                   .max_rotations = t.max_rotations.value_or(0),
                                   .payload = t.payload_bytes};
  if (t.kind == transaction_kind::run) call.recipient = *recipient;
  return chain::encode_announced_transaction(call, *id, *recipient);
}

result<db::submissions::submission> plan_submission(const decoded_transaction& t, const json& sim_config,
                                                    const submission_rules& rules) {
  db::submissions::submission s;
  s.row.hash = t.hash;
  s.row.type = static_cast<db::tx_type>(t.kind);
  s.row.from_address = t.from;
  s.row.to_address = t.to;
  s.row.nonce = static_cast<std::int32_t>(t.nonce);
  s.row.value = t.value;
  s.row.sim_config = chain::dump_json(sim_config);
  s.row.accounts = {t.from};
  s.row.config_rotation_rounds = rules.max_rotations;
  std::string contract;
  if (t.kind == transaction_kind::deploy) {
    auto address = new_contract(t);
    if (!address) return tl::unexpected{std::move(address.error())};
    contract = std::move(*address);
    s.row.to_address = contract;
    s.row.accounts.push_back(contract);
  }
  if (has_payload(t)) {
    s.row.execution_mode = chain::to_string(t.payload.mode);
    s.row.num_of_initial_validators = static_cast<std::int32_t>(t.num_of_initial_validators.value_or(0));
    s.row.config_rotation_rounds = static_cast<std::int32_t>(t.max_rotations.value_or(0));
    s.payment = t.spend;
    s.caps = rules.caps;
  }
  if (has_payload(t) && rules.forward) {
    auto call = rollup_call(t, contract);
    if (!call) return tl::unexpected{std::move(call.error())};
    s.forward = std::move(*call);
  }
  s.row.data = stored_data(t, contract);
  return s;
}

error too_many_pending(const char* scope, const char* who, const std::string& address, std::int64_t pending,
                       std::int64_t limit) {
  json data{{"scope", scope}, {"address", address}, {"pending", pending}, {"limit", limit}};
  return {errc::queue_full,
          fmt::format("{} {} has {} pending transactions (limit: {}). Send more when some of them are decided.", who,
                      address, pending, limit),
          chain::dump_json(data),
          {}};
}

/// The hash, or why nothing was stored.
result<json_text> submission_answer(const db::submissions::submission& s, const db::submissions::outcome& found) {
  const auto& to = s.row.to_address;
  switch (found.what) {
    case verdict::stored:
    case verdict::known: return '"' + s.row.hash + '"';
    case verdict::no_contract: return fail(errc::not_found, "Contract not found", data_of("address", to.value_or("")));
    case verdict::contract_full:
      return tl::unexpected{
          too_many_pending("contract", "Contract", to.value_or(""), found.pending, s.caps.per_contract)};
    case verdict::sender_full:
      return tl::unexpected{
          too_many_pending("sender", "Sender", s.row.from_address.value_or(""), found.pending, s.caps.per_sender)};
  }
  return fail(errc::internal, {});
}

/// decisions.md Q38: an appeal that does nothing says so.
db::unit_of_work<json_text> record_appeal(std::string id) {
  return [id = std::move(id)](db::transaction& tx) -> result<json_text> {
    const auto found = db::submissions::appeal(tx, id);
    if (!found) return tl::unexpected{found.error()};
    if (!*found) return fail(errc::not_found, "Transaction not found", data_of("hash", id));
    if (!db::submissions::is_appealable(**found)) {
      return fail(errc::application, "Transaction cannot be appealed in status " + std::string{db::to_string(**found)},
                  data_of("hash", id));
    }
    return '"' + id + '"';
  };
}

/// Fees are paid by nobody yet: what comes with some is refused before money is taken for nothing.
status without_fees(const decoded_transaction& t) {
  if (!t.fees) return {};
  return fail(errc::invalid_params, "Transactions with fees are not supported; use addTransaction with five arguments");
}

result<decoded_transaction> decode(const call& c, const services& with) {
  auto decoded = chain::decode_raw_transaction(c.params[0].get_ref<const std::string&>(),
                                               {with.chain_id, with.submissions.any_chain_id});
  if (!decoded) return decoded;
  if (auto fits = chain::check_storable(*decoded); !fits) return tl::unexpected{std::move(fits.error())};
  if (auto plain = without_fees(*decoded); !plain) return tl::unexpected{std::move(plain.error())};
  return decoded;
}

/// Stored together with others that are on their way; `then` gets the reply once it is.
void store(const services& with, actors::request_context& context, db::submissions::submission s,
           std::function<void(result<json_text>)> then) {
  // Of what the answer needs, not of the payload.
  db::submissions::submission told;
  told.row.hash = s.row.hash;
  told.row.from_address = s.row.from_address;
  told.row.to_address = s.row.to_address;
  told.caps = s.caps;
  const bool forwards = !s.forward.empty();
  with.gateway.store({std::move(s), context.deadline(),
                      [resume = context.resumer(), told = std::move(told), then = std::move(then),
                       wake = forwards ? with.wake_forwarder : nullptr](const result<db::submissions::outcome>& done) {
                        if (wake && done) wake();
                        resume([then, answer = done.and_then([&](const auto& found) {
                          return submission_answer(told, found);
                        })] { then(answer); });
                      }});
}

/// The reply waits for the record on the rollup, or for the end of its patience.
void reply_after_forward(const services& with, actors::request_context& context, db::submissions::submission s) {
  struct state {
    bool recorded = false;
    std::optional<json_text> text;
  };
  const auto now = std::make_shared<state>();
  // Before the row is there: it may be recorded before this actor hears that it was stored.
  with.await_forward(s.row.hash, context.deadline(), [&context, now, resume = context.resumer()] {
    resume([&context, now] {
      now->recorded = true;
      if (now->text) context.reply(*now->text);
    });
  });
  store(with, context, std::move(s), [&context, now, wait = with.submissions.forward_wait](result<json_text> value) {
    if (!value || now->recorded) return context.reply(std::move(value));
    now->text = *value;
    context.after(wait, [&context, now] { context.reply(*now->text); });
  });
}

/// In the request actor: recovering a signature takes longer than everything else up to the database.
status take_in(const call& c, const services& with, actors::request_context& context) {
  const auto decoded = decode(c, with);
  if (!decoded) return tl::unexpected{decoded.error()};
  if (decoded->kind == transaction_kind::appeal) {
    reply_after_commit(context, record_appeal(decoded->target_id), with.wake_loops);
    return {};
  }
  auto s = plan_submission(*decoded, c.params[1], with.submissions);
  if (!s) return tl::unexpected{std::move(s.error())};
  if (!s->forward.empty() && with.submissions.forward_wait.count() > 0)
    reply_after_forward(with, context, std::move(*s));
  else
    store(with, context, std::move(*s), [&context](result<json_text> value) { context.reply(std::move(value)); });
  return {};
}

}  // namespace

void add_submission(method_table& table, const services& with) {
  const auto start = [with](const call& c, actors::request_context& context) {
    if (auto taken = take_in(c, with, context); !taken) context.reply(tl::unexpected{std::move(taken.error())});
  };
  table.add(
      {.name = "eth_sendRawTransaction",
       .summary = "Takes in a signed transaction: a transfer, a deploy, a call of a contract, or an appeal.",
       .params = {{.name = "signed_rollup_transaction", .type = param_type::string, .help = "Hex of the signed bytes."},
                  {.name = "sim_config",
                   .type = param_type::object,
                   .required = false,
                   .fallback = json::object(),
                   .help = "Kept with the transaction: validators, genvm_datetime."}},
       .result_schema = schema::hash(),
       .level = log_level::info,
       .handler = steps{start},
       .ignore_extra_params = true});
}

}  // namespace quorate::rpc::methods
