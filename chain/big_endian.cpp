// SPDX-License-Identifier: MIT
#include "chain/big_endian.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace quorate::chain {

integer from_big_endian(bytes_view data) {
  integer out;
  if (!data.empty()) boost::multiprecision::import_bits(out, data.data(), data.data() + data.size(), 8);
  return out;
}

bytes to_big_endian(const integer& value) {
  if (value < 0) throw std::range_error{"a negative number has no big-endian form"};
  bytes out;
  if (value != 0) boost::multiprecision::export_bits(value, std::back_inserter(out), 8);
  return out;
}

word256 to_word(const integer& value) {
  const bytes digits = to_big_endian(value);
  word256 out{};
  if (digits.size() > out.size()) throw std::range_error{"the number has more than 256 bits"};
  std::copy(digits.begin(), digits.end(), out.end() - static_cast<std::ptrdiff_t>(digits.size()));
  return out;
}

}  // namespace quorate::chain
