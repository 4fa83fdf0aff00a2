// SPDX-License-Identifier: MIT
#include <algorithm>
#include <limits>

#include "chain/calldata.hpp"
#include "chain/detail/calldata_types.hpp"
#include "chain/utf8.hpp"

namespace quorate::chain {

namespace {

class calldata_walk {
 public:
  explicit calldata_walk(bytes_view data) : rest_{data} {}

  bool value(calldata_value& out, std::size_t depth) {
    bytes_view header;
    if (!uleb128(header)) return false;
    const auto type = static_cast<calldata_type>(header[0] & 7);
    if (type == calldata_type::positive || type == calldata_type::negative) {
      out.held = number(header, type == calldata_type::negative);
      return true;
    }
    const std::uint64_t n = small(header) >> 3;
    switch (type) {
      case calldata_type::special: return special(n, out);
      case calldata_type::bytes: {
        bytes_view body;
        if (!take(n, body)) return false;
        out.held.emplace<bytes>(body.begin(), body.end());
        return true;
      }
      case calldata_type::text: return text(n, out.held.emplace<std::string>());
      case calldata_type::array: return array(n, out.held.emplace<calldata_array>(), depth);
      case calldata_type::map: return map(n, out.held.emplace<calldata_map>(), depth);
      default: return refuse("a type that is not assigned");
    }
  }

  bool at_end() { return rest_.empty() || refuse("bytes behind the value"); }
  const char* reason() const { return reason_; }

 private:
  bool refuse(const char* reason) {
    reason_ = reason;
    return false;
  }

  bool take(std::uint64_t length, bytes_view& out) {
    if (length > rest_.size()) return refuse("the data ends early");
    out = rest_.first(length);
    rest_ = rest_.subspan(length);
    return true;
  }

  /// The bytes of one number, seven bits each; the last alone has its high bit clear.
  bool uleb128(bytes_view& out) {
    const auto last = std::find_if(rest_.begin(), rest_.end(), [](std::uint8_t byte) { return byte < 0x80; });
    if (last == rest_.end()) return refuse("the data ends early");
    if (*last == 0 && last != rest_.begin()) return refuse("a number that is not minimal");
    return take(static_cast<std::uint64_t>(last - rest_.begin()) + 1, out);
  }

  /// The most there is where the number is larger: no length, count or code is.
  static std::uint64_t small(bytes_view groups) {
    if (groups.size() > 9) return std::numeric_limits<std::uint64_t>::max();
    std::uint64_t out = 0;
    for (std::size_t i = groups.size(); i-- > 0;) out = out << 7 | (groups[i] & 0x7f);
    return out;
  }

  static integer number(bytes_view header, bool negative) {
    // Whole bytes first: Boost takes groups of seven bits one by one, each into a number as long as all of them.
    bytes whole;
    whole.reserve(header.size());
    unsigned held = 0, bits = 0;
    for (const std::uint8_t group : header) {
      held |= (group & 0x7fu) << bits;
      bits += 7;
      if (bits < 8) continue;
      whole.push_back(static_cast<std::uint8_t>(held));
      held >>= 8;
      bits -= 8;
    }
    whole.push_back(static_cast<std::uint8_t>(held));
    integer out;
    boost::multiprecision::import_bits(out, whole.data(), whole.data() + whole.size(), 8, false);
    out >>= 3;
    if (negative) out = -out - 1;
    return out;
  }

  bool special(std::uint64_t code, calldata_value& out) {
    if (code > static_cast<std::uint64_t>(calldata_special::address))
      return refuse("a special value that is not assigned");
    switch (static_cast<calldata_special>(code)) {
      case calldata_special::null: break;
      case calldata_special::no: out.held = false; break;
      case calldata_special::yes: out.held = true; break;
      case calldata_special::address: {
        auto& address = out.held.emplace<address20>();
        bytes_view body;
        if (!take(address.size(), body)) return false;
        std::copy(body.begin(), body.end(), address.begin());
      }
    }
    return true;
  }

  bool text(std::uint64_t length, std::string& out) {
    bytes_view body;
    if (!take(length, body)) return false;
    out.assign(body.begin(), body.end());
    return is_utf8(out) || refuse("text that is not UTF-8");
  }

  bool array(std::uint64_t count, calldata_array& out, std::size_t depth) {
    if (depth >= calldata_nesting) return refuse("nested too deeply");
    if (count > rest_.size()) return refuse("the data ends early");  // an entry takes a byte or more
    for (; count > 0; --count) {
      if (!value(out.emplace_back(), depth + 1)) return false;
    }
    return true;
  }

  bool map(std::uint64_t count, calldata_map& out, std::size_t depth) {
    if (depth >= calldata_nesting) return refuse("nested too deeply");
    if (count > rest_.size() / 2) return refuse("the data ends early");
    for (; count > 0; --count) {
      bytes_view length;
      std::string key;
      if (!uleb128(length) || !text(small(length), key)) return false;
      if (!out.empty() && key <= out.rbegin()->first) return refuse("keys that do not ascend");
      if (!value(out.try_emplace(out.end(), std::move(key))->second, depth + 1)) return false;
    }
    return true;
  }

  bytes_view rest_;
  const char* reason_ = "";
};

}  // namespace

result<calldata_value> decode_calldata(bytes_view data) {
  calldata_walk walk{data};
  calldata_value out;
  if (walk.value(out, 0) && walk.at_end()) return out;
  return fail(errc::invalid_params, std::string{"Invalid calldata: "} + walk.reason());
}

}  // namespace quorate::chain
