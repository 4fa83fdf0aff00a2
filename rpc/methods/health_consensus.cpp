// SPDX-License-Identifier: MIT
#include "rpc/methods/health_consensus.hpp"

#include "actors/pool/job.hpp"
#include "rpc/methods/format/json_object.hpp"
#include "rpc/methods/health_probe.hpp"

namespace quorate::rpc::methods {

namespace {

std::string format(const db::contract_health& contract) {
  const auto elapsed = [](std::optional<std::int64_t> age) {
    return age ? std::optional{elapsed_text(*age)} : std::nullopt;
  };
  json_object out;
  out.text("contract_address", contract.contract_address).number("processing_count", contract.processing);
  out.number("pending_count", contract.pending).number("created_last_1h", contract.created_1h);
  out.number("created_last_3h", contract.created_3h).number("created_last_6h", contract.created_6h);
  out.number("created_last_12h", contract.created_12h).number("created_last_1d", contract.created_1d);
  out.text("oldest_transaction_elapsed", elapsed(contract.oldest_age_s));
  out.text("oldest_processing_created_at", contract.oldest_processing_created_at);
  out.text("oldest_processing_elapsed", elapsed(contract.oldest_processing_age_s));
  out.number("orphaned_transactions", std::int64_t{contract.stuck.has_value()});
  if (const auto& stuck = contract.stuck) {
    json_object head;
    head.text("hash", stuck->hash).text("status", stuck->status).text("created_at", stuck->created_at);
    head.text("elapsed", elapsed_text(stuck->age_s));
    out.raw("orphaned_transaction_hashes", json_strings({stuck->hash})).raw("stuck_head_transaction", head.str());
  }
  return out.str();
}

reply answer(const result<db::consensus_health>& seen) {
  if (seen) return {.body = format_consensus_health(*seen)};
  json_object out;
  out.text("status", "error").text("error", seen.error().message);
  return {.status = 503, .body = out.str()};
}

void inspect(actors::pool& pool, std::function<void(result<db::consensus_health>)> done) {
  pool.submit(actors::make_job<db::consensus_health>(
      actors::work_class::background, actors::clock::now() + probe_deadline, db::access::read_only, "health/consensus",
      [](db::transaction& tx) { return db::inspect_consensus(tx, {}); }, std::move(done)));
}

}  // namespace

std::string elapsed_text(std::int64_t seconds) {
  constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour;
  if (seconds < hour) return std::to_string(seconds / minute) + 'm';
  if (seconds < day) return std::to_string(seconds / hour) + 'h';
  return std::to_string(seconds / day) + 'd';
}

std::string format_consensus_health(const db::consensus_health& seen) {
  std::int64_t processing = 0, orphaned = 0;
  std::vector<std::string> contracts;
  for (const auto& contract : seen.contracts) {
    processing += contract.processing;
    orphaned += contract.stuck.has_value();
    contracts.push_back(format(contract));
  }
  json_object out;
  out.text("status", orphaned == 0 ? "healthy" : "degraded").number("total_processing_transactions", processing);
  out.number("total_orphaned_transactions", orphaned).number("active_workers", seen.active_workers);
  out.raw("contracts", json_array(contracts));
  return out.str();
}

route make_consensus_route(const services& with) {
  using probe = shared_probe<result<db::consensus_health>>;
  const auto inspecting = std::make_shared<probe>(
      [&pool = with.pool](std::function<void(result<db::consensus_health>)> done) { inspect(pool, std::move(done)); });
  return [inspecting](std::function<void(reply)> done) {
    inspecting->ask([done = std::move(done)](const result<db::consensus_health>& seen) { done(answer(seen)); });
  };
}

}  // namespace quorate::rpc::methods
