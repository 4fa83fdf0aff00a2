// SPDX-License-Identifier: MIT
#include <algorithm>

#include "chain/abi.hpp"
#include "chain/big_endian.hpp"
#include "chain/utf8.hpp"

namespace quorate::chain {

namespace {

class abi_walk {
 public:
  explicit abi_walk(bytes_view data) : data_{data}, budget_{16 * data.size() + 1024} {}

  /// `count` values whose heads start at `base`; their offsets count from there. `type_of(i)` is the type of the i-th.
  template <class TypeOf>
  bool sequence(std::size_t base, std::size_t count, const TypeOf& type_of, abi_values& out) {
    std::size_t heads = 0;
    for (std::size_t i = 0; i < count; ++i) heads += type_of(i).head_size();
    if (heads > data_.size() - base) return refuse("data ends early");  // before anything is allocated
    out.resize(count);
    std::size_t head = base;
    for (std::size_t i = 0; i < count; ++i) {
      const abi_type& type = type_of(i);
      std::size_t at = head;
      if (type.dynamic()) {
        if (!size(head, at)) return false;
        if (at < heads || at > data_.size() - base) return refuse("an offset outside of the data");
        at += base;
      }
      if (!value(type, at, out[i])) return false;
      head += type.head_size();
    }
    return true;
  }

  bool members(const abi_type& tuple, std::size_t base, abi_values& out) {
    return sequence(
        base, tuple.parts.size(), [&](std::size_t i) -> const abi_type& { return tuple.parts[i]; }, out);
  }

  const char* reason() const { return reason_; }

 private:
  bool refuse(const char* reason) {
    reason_ = reason;
    return false;
  }

  /// `length` bytes at `at`.
  bool take(std::size_t at, std::size_t length, bytes_view& out) {
    if (at > data_.size() || length > data_.size() - at) return refuse("data ends early");
    if (length > budget_) return refuse("values share too many bytes");
    budget_ -= length;
    out = data_.subspan(at, length);
    return true;
  }

  /// A length or an offset; one beyond the data is refused where it is used.
  bool size(std::size_t at, std::size_t& out) {
    bytes_view word;
    if (!take(at, 32, word)) return false;
    if (!is_zero(word.first(24))) return refuse("a length or offset beyond the data");
    out = 0;
    for (const std::uint8_t byte : word.last(8)) out = out << 8 | byte;
    return true;
  }

  static bool is_zero(bytes_view data) {
    return std::all_of(data.begin(), data.end(), [](std::uint8_t byte) { return byte == 0; });
  }

  bool value(const abi_type& type, std::size_t at, abi_value& out) {
    switch (type.kind) {
      case abi_kind::uint:
      case abi_kind::sint:
      case abi_kind::boolean: return number(type, at, out);
      case abi_kind::array: {
        std::size_t count = type.size;
        if (count == 0) {
          if (!size(at, count)) return false;
          at += 32;
          if (count > (data_.size() - at) / type.parts[0].head_size()) return refuse("data ends early");
        }
        return sequence(
            at, count, [&](std::size_t) -> const abi_type& { return type.parts[0]; }, list(out));
      }
      case abi_kind::tuple: return members(type, at, list(out));
      case abi_kind::address: return padded(at, 32, 12, 20, out);
      case abi_kind::fixed_bytes: return padded(at, 32, 0, type.size, out);
      default: break;
    }
    std::size_t length = 0;
    if (!size(at, length)) return false;
    if (length > data_.size()) return refuse("data ends early");
    if (!padded(at + 32, (length + 31) / 32 * 32, 0, length, out)) return false;
    const bytes& text = out.data();
    if (type.kind == abi_kind::string && !is_utf8({reinterpret_cast<const char*>(text.data()), text.size()})) {
      return refuse("text that is not UTF-8");
    }
    return true;
  }

  static abi_values& list(abi_value& out) { return out.held.emplace<abi_values>(); }

  bool number(const abi_type& type, std::size_t at, abi_value& out) {
    bytes_view word;
    if (!take(at, 32, word)) return false;
    const std::size_t width = type.kind == abi_kind::boolean ? 1 : type.size / 8;
    const bytes_view padding = word.first(32 - width);
    const bool negative = type.kind == abi_kind::sint && (word[32 - width] & 0x80) != 0;
    const std::uint8_t fill = negative ? 0xff : 0;
    if (!std::all_of(padding.begin(), padding.end(), [&](std::uint8_t byte) { return byte == fill; })) {
      return refuse("a number with padding that is not its sign");
    }
    integer value = from_big_endian(word.last(width));
    if (negative) value -= integer{1} << type.size;
    if (type.kind == abi_kind::boolean && value > 1) return refuse("a bool that is neither 0 nor 1");
    out.held = std::move(value);
    return true;
  }

  /// `length` bytes behind `before` of padding, zeros up to `whole`.
  bool padded(std::size_t at, std::size_t whole, std::size_t before, std::size_t length, abi_value& out) {
    bytes_view all;
    if (!take(at, whole, all)) return false;
    if (!is_zero(all.first(before)) || !is_zero(all.subspan(before + length)))
      return refuse("padding that is not zero");
    const bytes_view data = all.subspan(before, length);
    out.held.emplace<bytes>(data.begin(), data.end());
    return true;
  }

  bytes_view data_;
  std::size_t budget_;
  const char* reason_ = "";
};

}  // namespace

result<abi_values> decode_abi(const abi_type& types, bytes_view data) {
  abi_walk walk{data};
  abi_values out;
  if (walk.members(types, 0, out)) return out;
  return fail(errc::invalid_params, std::string{"Invalid ABI data: "} + walk.reason());
}

}  // namespace quorate::chain
