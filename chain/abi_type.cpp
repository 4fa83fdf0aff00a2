// SPDX-License-Identifier: MIT
#include "chain/abi_type.hpp"

#include <algorithm>
#include <charconv>

namespace quorate::chain {

namespace {

constexpr std::size_t deepest_type = 16;
constexpr std::size_t largest_value = std::size_t{16} << 20;

/// The bytes that a value takes at the least, without its place in the head where that is an offset.
std::size_t least_size(const abi_type& type) {
  if (type.kind != abi_kind::array && type.kind != abi_kind::tuple) return 32;
  if (type.kind == abi_kind::array && type.size == 0) return 32;
  std::size_t out = 0;
  for (const auto& part : type.parts) out += least_size(part) + (part.dynamic() ? 32 : 0);
  return type.kind == abi_kind::array ? out * type.size : out;
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/// Digits without a leading zero; 0 for anything else.
std::size_t positive(std::string_view digits) {
  std::size_t out = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
  const bool plain = !digits.starts_with('0') && problem == std::errc{} && end == digits.data() + digits.size();
  return plain ? out : 0;
}

/// A recursive descent over the text. Every function answers false at the first thing that does not fit.
class abi_type_reader {
 public:
  explicit abi_type_reader(std::string_view text) : rest_{text} {}

  bool at_end() {
    skip_spaces();
    return rest_.empty();
  }

  std::string_view word() {
    skip_spaces();
    const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), is_word_character);
    const std::string_view out = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(out.size());
    return out;
  }

  /// `(` parameters `)`.
  bool members(std::vector<abi_type>& out, std::size_t depth) {
    if (!take('(')) return false;
    if (take(')')) return true;
    do {
      if (!named(out.emplace_back(), depth)) return false;
    } while (take(','));
    return take(')');
  }

  /// A type with what may follow it: "indexed", a name, both or neither.
  bool named(abi_type& out, std::size_t depth) {
    if (!type(out, depth)) return false;
    std::string_view name = word();
    if (name == "indexed") {
      out.indexed = true;
      name = word();
    }
    out.name = name;
    return true;
  }

 private:
  void skip_spaces() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  bool take(char expected) {
    skip_spaces();
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool type(abi_type& out, std::size_t depth) {
    if (depth >= deepest_type) return false;
    skip_spaces();
    if (rest_.starts_with('(')) {
      if (!members(out.parts, depth + 1) || out.parts.empty()) return false;
    } else if (!elementary(word(), out)) {
      return false;
    }
    if (least_size(out) > largest_value) return false;
    while (rest_.starts_with('[')) {
      if (++depth >= deepest_type || !array(out)) return false;
    }
    return true;
  }

  /// The brackets behind a type: what was read becomes the type of the entries.
  bool array(abi_type& out) {
    const auto close = rest_.find(']');
    if (close == std::string_view::npos) return false;
    const std::string_view digits = rest_.substr(1, close - 1);
    rest_.remove_prefix(close + 1);
    abi_type whole{.kind = abi_kind::array, .size = positive(digits)};
    if (whole.size == 0 && !digits.empty()) return false;
    if (whole.size > largest_value / (out.head_size() + least_size(out))) return false;
    whole.parts.push_back(std::move(out));
    out = std::move(whole);
    return true;
  }

  static bool elementary(std::string_view name, abi_type& out) {
    const auto is = [&](abi_kind kind, std::size_t size = 0) {
      out.kind = kind;
      out.size = size;
      return true;
    };
    if (name == "address") return is(abi_kind::address);
    if (name == "bool") return is(abi_kind::boolean);
    if (name == "bytes") return is(abi_kind::bytes);
    if (name == "string") return is(abi_kind::string);
    if (name == "uint") return is(abi_kind::uint, 256);
    if (name == "int") return is(abi_kind::sint, 256);
    if (name.starts_with("bytes")) return is(abi_kind::fixed_bytes, positive(name.substr(5))) && in(out.size, 32);
    if (name.starts_with("uint")) return is(abi_kind::uint, positive(name.substr(4))) && whole_bytes(out.size);
    if (name.starts_with("int")) return is(abi_kind::sint, positive(name.substr(3))) && whole_bytes(out.size);
    return false;
  }

  static bool in(std::size_t size, std::size_t most) { return size >= 1 && size <= most; }
  static bool whole_bytes(std::size_t bits) { return in(bits, 256) && bits % 8 == 0; }

  std::string_view rest_;
};

void append_abi_members(std::string& out, const std::vector<abi_type>& members) {
  out += '(';
  for (const auto& member : members) {
    if (&member != members.data()) out += ',';
    out += member.text();
  }
  out += ')';
}

}  // namespace

bool abi_type::dynamic() const {
  switch (kind) {
    case abi_kind::bytes:
    case abi_kind::string: return true;
    case abi_kind::array: return size == 0 || parts[0].dynamic();
    case abi_kind::tuple:
      return std::any_of(parts.begin(), parts.end(), [](const abi_type& part) { return part.dynamic(); });
    default: return false;
  }
}

std::size_t abi_type::head_size() const {
  if (dynamic()) return 32;
  if (kind == abi_kind::array) return size * parts[0].head_size();
  if (kind != abi_kind::tuple) return 32;
  std::size_t out = 0;
  for (const auto& part : parts) out += part.head_size();
  return out;
}

std::string abi_type::text() const {
  const std::string digits = std::to_string(size);
  switch (kind) {
    case abi_kind::uint: return "uint" + digits;
    case abi_kind::sint: return "int" + digits;
    case abi_kind::boolean: return "bool";
    case abi_kind::address: return "address";
    case abi_kind::fixed_bytes: return "bytes" + digits;
    case abi_kind::bytes: return "bytes";
    case abi_kind::string: return "string";
    case abi_kind::array: return parts[0].text() + "[" + (size == 0 ? "" : digits) + "]";
    case abi_kind::tuple: break;
  }
  std::string out;
  append_abi_members(out, parts);
  return out;
}

std::optional<abi_type> parse_abi_type(std::string_view text) {
  abi_type_reader reader{text};
  abi_type out;
  if (!reader.named(out, 0) || !reader.at_end()) return std::nullopt;
  return out;
}

std::string abi_signature::text() const {
  std::string out = name;
  append_abi_members(out, inputs.parts);
  return out;
}

hash256 abi_signature::topic() const { return keccak256(text()); }

std::array<std::uint8_t, 4> abi_signature::selector() const {
  const hash256 hash = topic();
  return {hash[0], hash[1], hash[2], hash[3]};
}

std::optional<abi_signature> parse_abi_signature(std::string_view text) {
  abi_type_reader reader{text};
  abi_signature out;
  out.name = reader.word();
  if (out.name.empty() || !reader.members(out.inputs.parts, 0) || !reader.at_end()) return std::nullopt;
  return out;
}

}  // namespace quorate::chain
