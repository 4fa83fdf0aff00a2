// SPDX-License-Identifier: MIT
#include "rpc/error_codes.hpp"

#include <fmt/format.h>

#include <iterator>

#include "chain/json.hpp"

namespace quorate::rpc {

std::string_view to_string(outcome o) {
  switch (o) {
    case outcome::ok: return "ok";
    case outcome::refused: return "refused";
    case outcome::failed: return "failed";
    case outcome::shed: return "shed";
    case outcome::abandoned: return "abandoned";
  }
  return "unknown";
}

error_code describe(errc code) {
  using enum outcome;
  switch (code) {
    case errc::parse_error: return {-32700, "Parse error", refused, true};
    case errc::invalid_request: return {-32600, "Invalid Request", refused, true};
    case errc::method_not_found: return {-32601, "Method not found", refused, true};
    case errc::invalid_params: return {-32602, "Invalid params", refused, true};
    case errc::engine_failed: return {-32603, "Execution failed", failed, true};
    case errc::application: return {-32000, "Operation refused", refused, true};
    case errc::not_found: return {-32001, "Not found", refused, true};
    case errc::no_validators: return {-32002, "No validators available", refused, true};
    case errc::call_rate_limited: return {-32005, "Rate limit exceeded", refused, true};
    case errc::server_busy: return {-32006, "Server busy", shed, true};
    case errc::pool_exhausted: return {-32007, "Database pool exhausted", failed, true};
    case errc::database_unavailable: return {-32008, "Database unavailable", failed, true};
    case errc::query_timeout: return {-32009, "Database query timed out", failed, true};
    case errc::rate_limited: return {-32029, "Rate limit exceeded", refused, true};
    case errc::queue_full: return {-32030, "Queue is full", refused, true};
    // Repeated in vain by the session: the same advice to the client as an unreachable database, come back later.
    case errc::conflict: return {-32008, "Database unavailable", failed, false};
    case errc::cancelled: return {-32603, "Internal error", abandoned, false};
    // A method that lets this one through forgot to turn it into its own answer.
    case errc::duplicate:
    case errc::internal: break;
  }
  return {-32603, "Internal error", failed, false};
}

namespace {

/// What a client is told whenever the database could not be had: come back, and when.
bool is_passing(int code) { return code == -32007 || code == -32008 || code == -32009; }

}  // namespace

void append_error_object(std::string& out, const error& e, std::string_view request_id) {
  const error_code wire = describe(e.code);
  fmt::format_to(std::back_inserter(out), R"({{"code":{},"message":)", wire.code);
  chain::append_quoted(out, wire.own_words && !e.message.empty() ? std::string_view{e.message} : wire.message);
  const bool speaks = wire.own_words && !e.data.empty();
  if (wire.code == -32603 && !speaks) {
    out += R"(,"data":{"request_id":)";
    chain::append_quoted(out, request_id);
    out += '}';
  } else if (!e.data.empty()) {
    out += R"(,"data":)";
    out += e.data;
  } else if (is_passing(wire.code)) {
    out += R"(,"data":{"retry_after_s":1})";
  }
  out += '}';
}

}  // namespace quorate::rpc
