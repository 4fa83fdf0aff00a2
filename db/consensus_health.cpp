// SPDX-License-Identifier: MIT
#include "db/consensus_health.hpp"

#include "db/detail/statement.hpp"
#include "db/detail/timestamp.hpp"

namespace quorate::db {

namespace {

// `head` is the oldest row of each contract that has not reached a verdict. Counts by age read the index on
// (to_address, created_at) of those contracts only.
const detail::statement contracts{
    "health_contracts",
    "WITH work AS (SELECT hash, to_address, status, created_at, blocked_at FROM transactions WHERE status IN "
    "('PENDING', "
    "'ACTIVATED', 'PROPOSING', 'COMMITTING', 'REVEALING') AND to_address IS NOT NULL), "
    "head AS (SELECT DISTINCT ON (to_address) * FROM work ORDER BY to_address, created_at, hash), "
    "counts AS (SELECT to_address, count(*) FILTER (WHERE status <> 'PENDING') AS processing, "
    "count(*) FILTER (WHERE status = 'PENDING') AS pending, "
    "min(created_at) FILTER (WHERE status <> 'PENDING') AS processing_since FROM work GROUP BY to_address) "
    "SELECT h.to_address, c.processing, c.pending, r.h1, r.h3, r.h6, r.h12, r.d1, "
    "extract(epoch FROM now() - h.created_at)::bigint, "
    "extract(epoch FROM now() - c.processing_since)::bigint, c.processing_since, "
    "coalesce(h.created_at < now() - make_interval(secs => $2) "
    "AND (h.blocked_at IS NULL OR h.blocked_at < now() - make_interval(secs => $1)), false), "
    "h.hash, h.status::text, h.created_at "
    "FROM head h JOIN counts c USING (to_address), LATERAL (SELECT "
    "count(*) FILTER (WHERE created_at > now() - interval '1 hour') AS h1, "
    "count(*) FILTER (WHERE created_at > now() - interval '3 hours') AS h3, "
    "count(*) FILTER (WHERE created_at > now() - interval '6 hours') AS h6, "
    "count(*) FILTER (WHERE created_at > now() - interval '12 hours') AS h12, count(*) AS d1 "
    "FROM transactions t WHERE t.to_address = h.to_address AND t.created_at > now() - interval '1 day') r "
    "ORDER BY h.created_at, h.to_address LIMIT $3"};

const detail::statement workers{"health_workers",
                                "SELECT count(DISTINCT worker_id) FROM transactions WHERE blocked_at IS NOT NULL AND "
                                "blocked_at > now() - make_interval(secs => $1)"};

std::optional<std::int64_t> age(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return detail::integer<std::int64_t>(field);
}

contract_health read(const pqxx::row& row) {
  pqxx::row::size_type next = 0;
  const auto count = [&] { return detail::integer<std::int64_t>(row[next++]); };
  contract_health out;
  out.contract_address = detail::text(row[next++]);
  for (auto* field : {&out.processing, &out.pending, &out.created_1h, &out.created_3h, &out.created_6h,
                      &out.created_12h, &out.created_1d})
    *field = count();
  out.oldest_age_s = age(row[next++]);
  out.oldest_processing_age_s = age(row[next++]);
  if (const auto since = row[next++]; !since.is_null())
    out.oldest_processing_created_at = detail::iso_timestamp(detail::text(since));
  if (detail::boolean(row[next++]))
    out.stuck = stuck_head{std::string{detail::text(row[next])}, std::string{detail::text(row[next + 1])},
                           detail::iso_timestamp(detail::text(row[next + 2])), out.oldest_age_s.value_or(0)};
  return out;
}

}  // namespace

result<consensus_health> inspect_consensus(transaction& tx, const health_rules& rules) {
  const auto lease = static_cast<double>(rules.lease_timeout.count());
  const auto stuck_after = static_cast<double>(rules.stuck_after.count());
  consensus_health out;
  for (const auto& row : execute(tx, contracts, lease, stuck_after, rules.most_contracts))
    out.contracts.push_back(read(row));
  out.active_workers = detail::integer<std::int64_t>(execute(tx, workers, lease)[0][0]);
  return out;
}

}  // namespace quorate::db
