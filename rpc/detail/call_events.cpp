// SPDX-License-Identifier: MIT
#include "rpc/detail/call_events.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "chain/address.hpp"
#include "chain/raw_transaction.hpp"
#include "chain/redact.hpp"
#include "rpc/error_codes.hpp"

namespace quorate::rpc::detail {

namespace {

using names = std::array<std::string_view, 2>;
constexpr names by_hash{"eth_getTransactionByHash", "eth_getTransactionReceipt"};
constexpr names by_account{"eth_getBalance", "eth_getTransactionCount"};
constexpr std::array<std::string_view, 4> by_sender{"eth_call", "gen_call", "eth_estimateGas", "eth_sendTransaction"};
constexpr std::size_t longest_shown = 1000, shown_end = 500;

template <class Names>
bool is_one_of(const Names& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::optional<std::string> text_of(const json& value) {
  if (!value.is_string()) return std::nullopt;
  return value.get<std::string>();
}

/// Recovering costs some 50 µs of the caller's thread, which is paid only while somebody listens.
std::optional<std::string> signer_of(const std::string& raw) {
  auto decoded = chain::decode_raw_transaction(raw, {.accept_any_chain_id = true});
  if (!decoded) return std::nullopt;
  return std::move(decoded->from);
}

/// The account that a call is about; its parameters are bound, so an address parameter has its one spelling.
std::optional<std::string> account_of(const method& m, const call& c) {
  if (c.params.empty()) return std::nullopt;
  if (m.name == "eth_sendRawTransaction") return signer_of(c.params[0].get_ref<const std::string&>());
  if (is_one_of(by_account, m.name)) return text_of(c.params[0]);
  if (!is_one_of(by_sender, m.name) || !c.params[0].is_object()) return std::nullopt;
  const auto from = c.params[0].find("from");
  if (from == c.params[0].end() || !from->is_string()) return std::nullopt;
  return chain::normalize_address(from->get_ref<const std::string&>());
}

/// Empty: nobody is to hear of it.
std::string room_for(const core& with, const call_trail& trail) {
  if (with.settings.hosted) return trail.client_id.value_or(std::string{});
  if (trail.transaction_hash) return *trail.transaction_hash;
  if (trail.account_address) return *trail.account_address;
  return trail.client_id.value_or(std::string{actors::broadcast_room});
}

void tell(const core& with, const method& m, const call_trail& trail, std::string name, std::string message,
          std::string data, bool failed) {
  actors::log_event e;
  e.name = std::move(name);
  e.type = failed ? "error" : m.level == log_level::info ? "info" : "debug";
  e.message = std::move(message);
  e.data = std::move(data);
  e.transaction_hash = trail.transaction_hash;
  e.client_id = trail.client_id;
  e.account_address = trail.account_address;
  with.events->publish(trail.room, e);
}

std::string head_of(const method& m) { return R"({"method":)" + chain::dump_json(m.name); }

/// Where `text` may be cut at or before `at` without cutting a character.
std::size_t whole_characters(std::string_view text, std::size_t at) {
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

}  // namespace

std::string shortened(std::string text) {
  if (text.size() <= longest_shown) return text;
  const auto front = whole_characters(text, shown_end);
  const auto back = whole_characters(text, text.size() - shown_end);
  std::string out;
  chain::append_quoted(out, text.substr(0, front) + "..." + text.substr(back));
  return out;
}

void remove_secrets(json& value) {
  if (value.is_object()) {
    for (auto it = value.begin(); it != value.end();) it = is_secret_name(it.key()) ? value.erase(it) : std::next(it);
  }
  if (value.is_structured()) {
    for (auto& one : value) remove_secrets(one);
  }
}

std::optional<call_trail> tell_call(const core& with, const method& m, const call& c) {
  const bool gated = m.gate == gate::admin || m.gate == gate::admin_or_signature;
  if (with.events == nullptr || !with.events->has_audience() || gated || m.name == "ping") return std::nullopt;
  call_trail trail;
  if (!c.params.empty() && is_one_of(by_hash, m.name)) trail.transaction_hash = text_of(c.params[0]);
  trail.account_address = account_of(m, c);
  if (!c.who.session_id.empty()) trail.client_id = c.who.session_id;
  trail.room = room_for(with, trail);
  if (trail.room.empty() || !with.events->wants_call(trail.room)) return std::nullopt;
  json params = c.params;
  remove_secrets(params);
  trail.params = shortened(chain::dump_json(params));
  tell(with, m, trail, "endpoint_call", "Call of " + m.name, head_of(m) + R"(,"params":)" + trail.params + '}', false);
  return trail;
}

void tell_end(const core& with, const method& m, const call_trail& trail, const result<json_text>& value) {
  if (value) {
    const auto shown = shortened(value->empty() ? std::string{"null"} : *value);
    return tell(with, m, trail, "endpoint_success", m.name + " answered",
                head_of(m) + R"(,"params":)" + trail.params + R"(,"result":)" + shown + '}', false);
  }
  const auto& e = value.error();
  if (e.code == errc::invalid_params) return;
  const auto wire = describe(e.code);
  const std::string words = wire.own_words && !e.message.empty() ? e.message : std::string{wire.message};
  const bool has_data = wire.own_words && !e.data.empty();
  tell(with, m, trail, "endpoint_error", m.name + " failed: " + words,
       fmt::format(R"({},"code":{},"error_data":{},"traceback":null}})", head_of(m), wire.code,
                   has_data ? shortened(e.data) : "null"),
       true);
}

}  // namespace quorate::rpc::detail
