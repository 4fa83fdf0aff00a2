// SPDX-License-Identifier: MIT
#include "db/detail/errors.hpp"

#include <exception>
#include <pqxx/pqxx>
#include <utility>

namespace quorate::db::detail {

namespace {

failure make(errc code, std::string message, std::string detail, bool broken = false, bool server_gone = false) {
  return {error{code, std::move(message), {}, std::move(detail)}, broken, server_gone};
}

failure unavailable(std::string detail, bool broken, bool server_gone) {
  return make(errc::database_unavailable, "Database unavailable", std::move(detail), broken, server_gone);
}

failure internal(std::string detail, bool broken = false) {
  return make(errc::internal, "Internal error", std::move(detail), broken);
}

bool in_class(std::string_view sqlstate, std::string_view two) { return sqlstate.substr(0, 2) == two; }

}  // namespace

failure classify(std::string_view sqlstate, std::string detail, const failure_context& context) {
  if (!sqlstate.empty()) detail = std::string{sqlstate} + ' ' + detail;

  // A wrong number of parameters is 08P01, a bug of ours, while the connection is sound; libpqxx 6 calls it broken.
  if (in_class(sqlstate, "08") && context.link_ok) return internal(std::move(detail), true);
  // Hung up for staying idle, for too long in this or any transaction: this connection's own affair.
  if (sqlstate == "25P03" || sqlstate == "57P05") return unavailable(std::move(detail), true, false);
  if (sqlstate.empty() || in_class(sqlstate, "08") || sqlstate == "57P01" || sqlstate == "57P02" ||
      sqlstate == "57P03" || sqlstate == "57P04") {
    return unavailable(std::move(detail), true, true);
  }
  if (sqlstate == "25006") {
    // In a READ ONLY transaction of ours a write is a bug; otherwise this server has become a standby.
    if (context.mode == access::read_only) return internal(std::move(detail));
    return unavailable(std::move(detail), true, true);
  }
  if (in_class(sqlstate, "40")) return make(errc::conflict, "The database is busy, try again", std::move(detail));
  if (sqlstate == "57014" || sqlstate == "55P03") {
    if (context.cancelled) return make(errc::cancelled, "Cancelled", std::move(detail));
    return make(errc::query_timeout, "The database query took too long", std::move(detail));
  }
  if (sqlstate == "23505") return make(errc::duplicate, "Already exists", std::move(detail));
  if (in_class(sqlstate, "53")) return unavailable(std::move(detail), false, false);
  // A plan that no longer fits its table, or a statement the server has forgotten: a new connection knows better.
  if (sqlstate == "0A000" || sqlstate == "26000") return internal(std::move(detail), true);
  return internal(std::move(detail), !context.link_ok);
}

failure classify_current_exception(const failure_context& context) noexcept {
  // The order matters: see docs/spec/database.md §5.3; in libpqxx 6 transaction_rollback is no sql_error and carries no
  // SQLSTATE, in libpqxx 7 it is one.
  try {
    throw;
  } catch (const pqxx::in_doubt_error& e) {
    return in_doubt(e.what());
  } catch (const pqxx::broken_connection& e) {
    return classify(context.link_ok ? "08P01" : "", e.what(), context);
  } catch (const pqxx::statement_completion_unknown& e) {
    return in_doubt(e.what());
  } catch (const pqxx::transaction_rollback& e) {
    return classify("40001", e.what(), context);
  } catch (const pqxx::sql_error& e) {
    // libpqxx leaves the SQLSTATE out of a few (42501): without one this is still the server's answer.
    return classify(e.sqlstate().empty() && context.link_ok ? "XX000" : e.sqlstate(), e.what(), context);
  } catch (const std::exception& e) {
    return internal(e.what(), !context.link_ok);
  } catch (...) {
    return internal("an exception of unknown type", true);
  }
}

failure in_doubt(std::string detail) {
  auto result = unavailable(std::move(detail), true, true);
  result.what.data = R"({"outcome":"unknown","retry_after_s":1})";
  return result;
}

}  // namespace quorate::db::detail
