// SPDX-License-Identifier: MIT
#include "chain/abi.hpp"
#include "chain/big_endian.hpp"
#include "chain/utf8.hpp"

namespace quorate::chain {

namespace {

class abi_writer {
 public:
  /// Heads of all values, then what their offsets lead to. `type_of(i)` is the type of values[i].
  template <class TypeOf>
  bool sequence(const abi_values& values, const TypeOf& type_of, bytes& out) {
    std::size_t heads = 0;
    for (std::size_t i = 0; i < values.size(); ++i) heads += type_of(i).head_size();
    bytes tails;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool by_offset = type_of(i).dynamic();
      if (by_offset) append(out, to_word(integer{heads + tails.size()}));
      if (!value(type_of(i), values[i], by_offset ? tails : out)) return false;
    }
    append(out, tails);
    return true;
  }

  bool members(const abi_type& tuple, const abi_values& values, bytes& out) {
    if (values.size() != tuple.parts.size()) return refuse("wrong number of values");
    return sequence(
        values, [&](std::size_t i) -> const abi_type& { return tuple.parts[i]; }, out);
  }

  const char* reason() const { return reason_; }

 private:
  bool refuse(const char* reason) {
    reason_ = reason;
    return false;
  }

  bool value(const abi_type& type, const abi_value& value, bytes& out) {
    switch (type.kind) {
      case abi_kind::uint:
      case abi_kind::sint:
      case abi_kind::boolean: {
        const auto* const n = std::get_if<integer>(&value.held);
        return n == nullptr ? refuse("not a number") : number(type, *n, out);
      }
      case abi_kind::array: {
        const auto* const entries = std::get_if<abi_values>(&value.held);
        if (entries == nullptr) return refuse("not a list");
        if (type.size == 0) append(out, to_word(integer{entries->size()}));
        if (type.size != 0 && type.size != entries->size()) return refuse("wrong number of entries");
        return sequence(
            *entries, [&](std::size_t) -> const abi_type& { return type.parts[0]; }, out);
      }
      case abi_kind::tuple: {
        const auto* const entries = std::get_if<abi_values>(&value.held);
        return entries == nullptr ? refuse("not a list") : members(type, *entries, out);
      }
      default: {
        const auto* const data = std::get_if<bytes>(&value.held);
        return data == nullptr ? refuse("not bytes") : text(type, *data, out);
      }
    }
  }

  bool number(const abi_type& type, const integer& value, bytes& out) {
    const bool is_signed = type.kind == abi_kind::sint;
    const std::size_t bits = type.kind == abi_kind::boolean ? 1 : type.size;
    const integer end = integer{1} << (is_signed ? bits - 1 : bits);
    if (value >= end || value < (is_signed ? integer{-end} : integer{0})) return refuse("number out of range");
    append(out, to_word(value < 0 ? integer{(integer{1} << 256) + value} : value));
    return true;
  }

  bool text(const abi_type& type, const bytes& data, bytes& out) {
    if (type.kind == abi_kind::address) {
      if (data.size() != 20) return refuse("not an address");
      out.insert(out.end(), 12, 0);
      append(out, data);
      return true;
    }
    if (type.kind == abi_kind::fixed_bytes) {
      if (data.size() != type.size) return refuse("wrong number of bytes");
    } else {
      if (type.kind == abi_kind::string && !is_utf8({reinterpret_cast<const char*>(data.data()), data.size()})) {
        return refuse("not UTF-8");
      }
      append(out, to_word(integer{data.size()}));
    }
    append(out, data);
    out.insert(out.end(), (32 - data.size() % 32) % 32, 0);
    return true;
  }

  const char* reason_ = "";
};

}  // namespace

result<bytes> encode_abi(const abi_type& types, const abi_values& values) {
  abi_writer writer;
  bytes out;
  if (writer.members(types, values, out)) return out;
  return fail(errc::invalid_params, std::string{"Invalid ABI value: "} + writer.reason());
}

result<bytes> encode_abi_call(const abi_signature& function, const abi_values& arguments) {
  auto out = encode_abi(function.inputs, arguments);
  if (out) {
    const auto selector = function.selector();
    out->insert(out->begin(), selector.begin(), selector.end());
  }
  return out;
}

}  // namespace quorate::chain
