// SPDX-License-Identifier: MIT
#include "rpc/envelope.hpp"
#include "rpc/socket_message.hpp"
#include "tests/fuzz/check.hpp"

using namespace quorate;
using fuzz::check;

namespace {

bool is_json(const std::string& text) { return chain::parse_json(text, {1000, 1'000'000}).has_value(); }

}  // namespace

/// Whatever a client sends, each answer to it is JSON; what is an event is no call, and topics are whole.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using kind = rpc::socket_message::kind;
  const auto text = fuzz::text_of(data, size);
  const auto m = rpc::read_socket_message(text, {});
  check(is_json(rpc::event_words("error", m.complaint)));
  check(is_json(rpc::event_words("message", m.name)));
  check(is_json(rpc::event_text("pong", m.timestamp)));
  check(m.topics.size() <= size);
  for (const auto& topic : m.topics) check(is_json(rpc::event_words("subscribed", topic)));
  check((m.what == kind::odd) == !m.complaint.empty());
  // What the dispatcher would take is a call or an event, never a complaint about JSON.
  if (rpc::read_request(text, {}, 10)) check(m.complaint != "Invalid JSON");
  return 0;
}
