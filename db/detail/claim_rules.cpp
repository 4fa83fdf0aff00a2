// SPDX-License-Identifier: MIT
#include "db/detail/claim_rules.hpp"

#include <fmt/format.h>

#include "db/detail/statement.hpp"

namespace quorate::db::detail {

namespace {
const statement lock_recipient{"claim_lock_recipient",
                               "SELECT pg_try_advisory_xact_lock(hashtext(coalesce($1::text, $2::text)))"};
}  // namespace

bool try_lock(transaction& tx, std::optional<std::string_view> to_address, std::string_view hash) {
  return boolean(execute(tx, lock_recipient, to_address, hash)[0][0]);
}

std::string same_recipient(recipient kind, std::string_view a, std::string_view b) {
  return kind == recipient::someone ? fmt::format("{}.to_address = {}.to_address", a, b)
                                    : fmt::format("{}.to_address IS NULL", a);
}

std::string older(std::string_view a, std::string_view b) {
  return fmt::format("({0}.created_at, {0}.hash) < ({1}.created_at, {1}.hash)", a, b);
}

std::string not_leased(std::string_view row, const rule_parameters& with) {
  return fmt::format("({0}.blocked_at IS NULL OR {0}.blocked_at <= now() - make_interval(secs => {1}::float8))", row,
                     with.lease);
}

std::string recipient_free(recipient kind, std::string_view row, const rule_parameters& with) {
  return fmt::format(R"sql(NOT EXISTS (
    SELECT 1 FROM transactions busy
    WHERE {same} AND busy.hash <> {row}.hash AND busy.blocked_at > now() - make_interval(secs => {lease}::float8)))sql",
                     fmt::arg("same", same_recipient(kind, "busy", row)), fmt::arg("row", row),
                     fmt::arg("lease", with.lease));
}

std::string window_over(std::string_view row, const rule_parameters& with) {
  return fmt::format(R"sql({row}.status IN ('ACCEPTED', 'UNDETERMINED', 'LEADER_TIMEOUT', 'VALIDATORS_TIMEOUT')
    AND {row}.appealed = false
    AND CASE
      WHEN {row}.timestamp_awaiting_finalization IS NULL
        THEN {row}.created_at < now() - make_interval(secs => {stranded}::float8)
      WHEN {row}.execution_mode <> 'NORMAL' THEN true
      ELSE extract(epoch FROM now())::float8 - {row}.timestamp_awaiting_finalization
             - coalesce({row}.appeal_processing_time, 0)
           > {window}::float8 * power(1 - {reduction}::float8, coalesce({row}.appeal_failed, 0))
    END)sql",
                     fmt::arg("row", row), fmt::arg("stranded", with.stranded), fmt::arg("window", with.window),
                     fmt::arg("reduction", with.reduction));
}

std::string nothing_older_open(recipient kind, std::string_view row) {
  return fmt::format(R"sql(NOT EXISTS (
    SELECT 1 FROM transactions open_one
    WHERE {} AND {} AND open_one.status NOT IN ('FINALIZED', 'CANCELED')))sql",
                     same_recipient(kind, "open_one", row), older("open_one", row));
}

std::string nothing_older_to_finalize(recipient kind, std::string_view row, const rule_parameters& with) {
  return fmt::format(R"sql(NOT EXISTS (
    SELECT 1 FROM transactions due
    WHERE {} AND {} AND due.type = 0 AND {} AND {} AND {}))sql",
                     same_recipient(kind, "due", row), older("due", row), window_over("due", with),
                     not_leased("due", with), nothing_older_open(kind, "due"));
}

std::string tracked(std::string_view status) {
  return fmt::format(R"sql(CASE
        WHEN jsonb_typeof(consensus_history) IS DISTINCT FROM 'object'
          THEN jsonb_build_object('current_status_changes', jsonb_build_array('PENDING', {0}))
        WHEN jsonb_typeof(consensus_history -> 'current_status_changes') IS DISTINCT FROM 'array'
          THEN consensus_history || jsonb_build_object('current_status_changes', jsonb_build_array('PENDING', {0}))
        ELSE jsonb_set(consensus_history, '{{current_status_changes}}',
                       (consensus_history -> 'current_status_changes') || to_jsonb({0}))
      END)sql",
                     status);
}

}  // namespace quorate::db::detail
