// SPDX-License-Identifier: MIT
#include <boost/multiprecision/cpp_int.hpp>

#include "chain/calldata.hpp"
#include "chain/utf8.hpp"

namespace quorate::chain {

namespace {

/// More than max_integer_digits decimal digits: to write them takes quadratic time, and nothing here reads them back.
bool is_huge(const integer& value) {
  static const integer end = boost::multiprecision::pow(integer{10}, static_cast<unsigned>(max_integer_digits));
  return value >= end || value <= -end;
}

/// Four digits behind \u, of each UTF-16 unit.
void append_escaped(std::string& out, std::uint32_t code_point) {
  const auto unit = [&](std::uint32_t value) {
    out += "\\u";
    append_hex(out, bytes{static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)});
  };
  if (code_point < 0x10000) return unit(code_point);
  unit(0xd800 + ((code_point - 0x10000) >> 10));
  unit(0xdc00 + (code_point & 0x3ff));
}

std::uint32_t code_point_of(std::string_view sequence) {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first;
  std::uint32_t out = first & (0x7fu >> sequence.size());
  for (const char c : sequence.substr(1)) out = out << 6 | (static_cast<unsigned char>(c) & 0x3fu);
  return out;
}

/// A JSON string of ASCII only.
void append_ascii(std::string& out, std::string_view text) {
  std::string quoted;
  append_quoted(quoted, text);
  for (std::string_view rest = quoted; !rest.empty();) {
    const std::size_t length = utf8_sequence(rest);
    if (length == 1 && rest[0] != '\x7f') {
      out += rest[0];
    } else {
      append_escaped(out, code_point_of(rest.substr(0, length)));
    }
    rest.remove_prefix(length);
  }
}

class text_writer {
 public:
  explicit text_writer(std::string& out) : out_{out} {}

  void operator()(std::monostate) { out_ += "null"; }
  void operator()(bool value) { out_ += value ? "true" : "false"; }
  void operator()(const integer& value) { out_ += is_huge(value) ? to_hex_quantity(value) : to_decimal(value); }
  void operator()(const address20& value) {
    out_ += "addr#";
    append_hex(out_, value);
  }
  void operator()(const bytes& value) {
    out_ += "b#";
    append_hex(out_, value);
  }
  void operator()(const std::string& value) { append_ascii(out_, value); }
  void operator()(const calldata_array& value) {
    out_ += '[';
    for (const auto& entry : value) {
      if (&entry != value.data()) out_ += ',';
      std::visit(*this, entry.held);
    }
    out_ += ']';
  }
  void operator()(const calldata_map& value) {
    char before = '{';
    for (const auto& [key, entry] : value) {
      out_ += before;
      append_ascii(out_, key);
      out_ += ':';
      std::visit(*this, entry.held);
      before = ',';
    }
    if (before == '{') out_ += '{';
    out_ += '}';
  }

 private:
  std::string& out_;
};

struct json_writer {
  json operator()(std::monostate) const { return nullptr; }
  json operator()(bool value) const { return value; }
  json operator()(const integer& value) const {
    return is_huge(value) ? json(to_hex_quantity(value)) : make_number(value);
  }
  json operator()(const address20& value) const { return to_hex_0x(value); }
  json operator()(const bytes& value) const { return to_hex_0x(value); }
  json operator()(const std::string& value) const { return value; }
  json operator()(const calldata_array& value) const {
    json out = json::array();
    for (const auto& entry : value) out.push_back(std::visit(*this, entry.held));
    return out;
  }
  json operator()(const calldata_map& value) const {
    json out = json::object();
    for (const auto& [key, entry] : value) out[key] = std::visit(*this, entry.held);
    return out;
  }
};

/// Null where all went well, else the reason.
const char* read_json(const json& value, std::size_t depth, calldata_value& out) {
  if (value.is_null()) return nullptr;
  if (value.is_boolean()) {
    out.held = value.get<bool>();
  } else if (value.is_string()) {
    out.held = value.get<std::string>();
  } else if (value.is_array() || value.is_object()) {
    if (depth >= calldata_nesting) return "nested too deeply";
    auto* const array = value.is_array() ? &out.held.emplace<calldata_array>() : nullptr;
    auto* const map = value.is_object() ? &out.held.emplace<calldata_map>() : nullptr;
    for (const auto& [key, entry] : value.items()) {
      auto& place = array != nullptr ? array->emplace_back() : (*map)[key];
      if (const char* const reason = read_json(entry, depth + 1, place)) return reason;
    }
  } else {
    const auto token = token_of(value);
    auto number = value.is_number_float() || token.find_first_of(".eE") != std::string_view::npos ? std::nullopt
                                                                                                  : as_integer(value);
    if (!number) return "a number that is not whole";
    out.held = *std::move(number);
  }
  return nullptr;
}

}  // namespace

std::string calldata_text(const calldata_value& value) {
  std::string out;
  std::visit(text_writer{out}, value.held);
  return out;
}

json calldata_to_json(const calldata_value& value) { return std::visit(json_writer{}, value.held); }

result<calldata_value> calldata_from_json(const json& value) {
  calldata_value out;
  if (const char* const reason = read_json(value, 0, out)) {
    return fail(errc::invalid_params, std::string{"Invalid calldata: "} + reason);
  }
  return out;
}

}  // namespace quorate::chain
