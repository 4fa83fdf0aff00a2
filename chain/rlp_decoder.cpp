// SPDX-License-Identifier: MIT
#include "chain/rlp.hpp"

namespace quorate::chain {

namespace {

/// Walks the input once. The first violation ends it; reason_ says which.
class rlp_walk {
 public:
  explicit rlp_walk(const rlp_limits& limits) : limits_{limits} {}

  /// Reads the item at the start of `input`.
  bool item(bytes_view input, std::size_t depth, rlp_item& out) {
    if (++items_ > limits_.items) return refuse("too many items");
    if (input.empty()) return refuse("no bytes where an item should be");
    const std::uint8_t first = input[0];
    if (first < 0x80) {
      out.encoded = out.data = input.first(1);
      return true;
    }
    out.is_list = first >= 0xc0;
    if (!payload(input, first - (out.is_list ? 0xc0 : 0x80), out)) return false;
    if (out.is_list) return list(depth, out);
    if (out.data.size() == 1 && out.data[0] < 0x80) return refuse("a byte below 0x80 has a header");
    return true;
  }

  bool refuse(const char* reason) {
    reason_ = reason;
    return false;
  }
  const char* reason() const { return reason_; }

 private:
  /// `form`: the first byte less that of the empty string or list; up to 55 the length, above the length of the length.
  bool payload(bytes_view input, int form, rlp_item& out) {
    std::size_t header = 1;
    std::uint64_t length = static_cast<std::uint64_t>(form);
    if (form > 55) {
      const auto width = static_cast<std::size_t>(form - 55);  // 1 to 8
      header += width;
      if (input.size() < header) return refuse("a length is cut off");
      if (input[1] == 0) return refuse("a length starts with a zero byte");
      length = 0;
      for (const std::uint8_t byte : input.subspan(1, width)) length = length << 8 | byte;
      if (length <= 55) return refuse("a short item has a long header");
    }
    if (length > input.size() - header) return refuse("an item is longer than what is left");
    out.data = input.subspan(header, length);
    out.encoded = input.first(header + length);
    return true;
  }

  bool list(std::size_t depth, rlp_item& out) {
    if (depth >= limits_.depth) return refuse("nested too deeply");
    for (bytes_view rest = out.data; !rest.empty(); rest = rest.subspan(out.items.back().encoded.size())) {
      if (!item(rest, depth + 1, out.items.emplace_back())) return false;
    }
    return true;
  }

  rlp_limits limits_;
  std::size_t items_ = 0;
  const char* reason_ = "";
};

}  // namespace

result<rlp_item> decode_rlp(bytes_view data, const rlp_limits& limits) {
  rlp_walk walk{limits};
  rlp_item out;
  if (walk.item(data, 0, out) && (out.encoded.size() == data.size() || walk.refuse("bytes behind the item")))
    return out;
  return fail(errc::invalid_params, std::string{"Invalid RLP: "} + walk.reason());
}

}  // namespace quorate::chain
