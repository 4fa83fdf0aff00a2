// SPDX-License-Identifier: MIT
#include "rpc/envelope.hpp"

#include <fmt/format.h>

#include "rpc/error_codes.hpp"

namespace quorate::rpc {

namespace {

using chain::json_kind;
using chain::json_reader;

/// White space outside strings means nothing; replies carry none.
std::string compact(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside) {
      out += c;
      if (c == '\\') out += text[++i];  // checked by the reader: an escape is never the end
    } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
      out += c;
    }
    if (c == '"') inside = !inside;
  }
  return out;
}

/// Reads the object the reader stands at. On a failure of the reader the entry means nothing.
entry read_entry(json_reader& reader) {
  entry out;
  bool method_is_text = false, version_is_text = true;
  out.notification = true;
  std::string key, version;
  for (auto at = reader.enter(); reader.next_member(at, key);) {
    if (key == "method") {
      method_is_text = reader.peek() == json_kind::string;
      if (method_is_text ? !reader.string(out.method) : !reader.skip()) break;
    } else if (key == "params") {
      if (!reader.value(out.params)) break;
    } else if (key == "id") {
      out.notification = false;
      const auto text = reader.skip();
      if (!text) break;
      out.id = compact(*text);
    } else if (key == "jsonrpc") {
      version_is_text = reader.peek() == json_kind::string;
      if (!reader.skip()) break;
    } else if (!reader.skip()) {
      break;
    }
  }
  out.valid = method_is_text && version_is_text;
  return out;
}

tl::unexpected<error> parse_error(const json_reader& reader) {
  return fail(errc::parse_error, "Parse error", {}, reader.failure());
}

tl::unexpected<error> invalid_request(std::string data = {}) {
  return fail(errc::invalid_request, "Invalid Request", std::move(data));
}

result<request> read_batch(json_reader& reader, std::size_t limit) {
  request out;
  out.batch = true;
  std::size_t size = 0;
  for (auto at = reader.enter(); reader.next_entry(at); ++size) {
    // Behind the limit entries are only counted, for the message; nothing is kept of them.
    if (size >= limit) {
      if (!reader.skip()) break;
    } else if (reader.peek() == json_kind::object) {
      out.entries.push_back(read_entry(reader));
    } else if (reader.skip()) {
      out.entries.emplace_back();
    } else {
      break;
    }
  }
  if (!reader.finish()) return parse_error(reader);
  if (size == 0) return invalid_request();
  if (size > limit) {
    return invalid_request(
        fmt::format(R"({{"message":"Batch request exceeds maximum size of {}","size":{}}})", limit, size));
  }
  return out;
}

}  // namespace

result<request> read_request(std::string_view body, const chain::json_limits& limits, std::size_t batch_limit) {
  json_reader reader{body, limits};
  switch (reader.peek()) {
    case json_kind::array: return read_batch(reader, batch_limit);
    case json_kind::object: {
      request out;
      out.entries.push_back(read_entry(reader));
      if (!reader.finish()) return parse_error(reader);
      return out;
    }
    default:
      if (reader.skip() && reader.finish()) return invalid_request();
      return parse_error(reader);
  }
}

void append_result(std::string& out, std::string_view result, std::string_view id) {
  static constexpr std::string_view head = R"({"jsonrpc":"2.0","result":)", middle = R"(,"id":)";
  if (result.empty()) result = "null";
  out.reserve(out.size() + head.size() + result.size() + middle.size() + id.size() + 1);
  out += head;
  out += result;
  out += middle;
  out += id;
  out += '}';
}

void append_error(std::string& out, const error& e, std::string_view id, std::string_view request_id) {
  out += R"({"jsonrpc":"2.0","error":)";
  append_error_object(out, e, request_id);
  out += R"(,"id":)";
  out += id;
  out += '}';
}

}  // namespace quorate::rpc
