// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "chain/calldata.hpp"
#include "chain/detail/calldata_types.hpp"
#include "chain/utf8.hpp"

namespace quorate::chain {

namespace {

class calldata_writer {
 public:
  bool value(const calldata_value& value, std::size_t depth) {
    return std::visit([&](const auto& held) { return write(held, depth); }, value.held);
  }

  bytes take() { return std::move(out_); }
  const char* reason() const { return reason_; }

 private:
  bool refuse(const char* reason) {
    reason_ = reason;
    return false;
  }

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<std::uint8_t>(value | 0x80));
    out_.push_back(static_cast<std::uint8_t>(value));
  }

  /// Seven bits to a byte, the last alone with its high bit clear. Through whole bytes, which Boost exports in one go.
  void groups(const integer& value) {
    bytes whole;
    boost::multiprecision::export_bits(value, std::back_inserter(whole), 8, false);
    const std::size_t count = (msb(value) + 7) / 7;
    unsigned held = 0, bits = 0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (bits < 7 && next < whole.size()) {
        held |= static_cast<unsigned>(whole[next++]) << bits;
        bits += 8;
      }
      out_.push_back(static_cast<std::uint8_t>((held & 0x7fu) | (i + 1 < count ? 0x80u : 0u)));
      held >>= 7;
      bits -= std::min(bits, 7u);
    }
  }

  /// A length fits 61 bits whatever is in memory.
  void header(calldata_type type, std::uint64_t n) { number(n << 3 | static_cast<std::uint8_t>(type)); }
  bool special(calldata_special code) {
    header(calldata_type::special, static_cast<std::uint8_t>(code));
    return true;
  }

  bool write(std::monostate, std::size_t) { return special(calldata_special::null); }
  bool write(bool value, std::size_t) { return special(value ? calldata_special::yes : calldata_special::no); }

  bool write(const integer& value, std::size_t) {
    const bool negative = value < 0;
    const auto type = negative ? calldata_type::negative : calldata_type::positive;
    const integer whole = ((negative ? integer{-value - 1} : value) << 3) + static_cast<std::uint8_t>(type);
    groups(whole);
    return true;
  }

  bool write(const address20& value, std::size_t) {
    special(calldata_special::address);
    append(out_, value);
    return true;
  }

  bool write(const bytes& value, std::size_t) {
    header(calldata_type::bytes, value.size());
    append(out_, value);
    return true;
  }

  bool write(const std::string& value, std::size_t) {
    header(calldata_type::text, value.size());
    return text(value);
  }

  bool write(const calldata_array& value, std::size_t depth) {
    if (depth >= calldata_nesting) return refuse("nested too deeply");
    header(calldata_type::array, value.size());
    for (const auto& entry : value) {
      if (!this->value(entry, depth + 1)) return false;
    }
    return true;
  }

  bool write(const calldata_map& value, std::size_t depth) {
    if (depth >= calldata_nesting) return refuse("nested too deeply");
    header(calldata_type::map, value.size());
    for (const auto& [key, entry] : value) {
      number(key.size());
      if (!text(key) || !this->value(entry, depth + 1)) return false;
    }
    return true;
  }

  bool text(const std::string& value) {
    if (!is_utf8(value)) return refuse("text that is not UTF-8");
    append(out_, as_bytes(value));
    return true;
  }

  bytes out_;
  const char* reason_ = "";
};

}  // namespace

result<bytes> encode_calldata(const calldata_value& value) {
  calldata_writer writer;
  if (writer.value(value, 0)) return writer.take();
  return fail(errc::invalid_params, std::string{"Invalid calldata: "} + writer.reason());
}

calldata_value make_call(std::string_view method, calldata_array args, calldata_map kwargs) {
  calldata_map out;
  if (!args.empty()) out.emplace("args", calldata_value{std::move(args)});
  if (!kwargs.empty()) out.emplace("kwargs", calldata_value{std::move(kwargs)});
  if (!method.empty()) out.emplace("method", calldata_value{std::string{method}});
  return calldata_value{std::move(out)};
}

}  // namespace quorate::chain
