// SPDX-License-Identifier: MIT
#include "chain/signed_transaction.hpp"

#include <algorithm>

#include "chain/rlp.hpp"

namespace quorate::chain {

namespace {

tl::unexpected<error> not_a_transaction(std::string reason) {
  return fail(errc::invalid_params, "Invalid transaction data", {}, std::move(reason));
}

/// Takes the items of an envelope one after the other; the first that has not its form ends it.
class item_reader {
 public:
  explicit item_reader(const std::vector<rlp_item>& items) : items_{items} {}

  integer number() {
    const rlp_item& item = next();
    if (item.is_list || (!item.data.empty() && item.data[0] == 0)) refuse("a number that is not minimal");
    return from_big_endian(item.data);
  }

  /// Clients write a nonce of zero as the byte 0x00, too.
  integer nonce() {
    const rlp_item& item = items_[at_];
    if (item.is_list || item.data.size() != 1 || item.data[0] != 0) return number();
    ++at_;
    return 0;
  }

  std::optional<address20> to() {
    const rlp_item& item = next();
    if (item.is_list || (!item.data.empty() && item.data.size() != 20)) {
      refuse("a recipient that is no address");
      return std::nullopt;
    }
    if (item.data.empty()) return std::nullopt;
    address20 out{};
    std::copy(item.data.begin(), item.data.end(), out.begin());
    return out;
  }

  bytes data() {
    const rlp_item& item = next();
    if (item.is_list) refuse("a list where data should be");
    return {item.data.begin(), item.data.end()};
  }

  void access_list() {
    const rlp_item& list = next();
    if (!list.is_list || !std::all_of(list.items.begin(), list.items.end(), is_access)) refuse("a bad access list");
  }

  word256 word() {
    const integer value = number();
    if ((value >> 256) != 0) {
      refuse("a signature out of range");
      return {};
    }
    return to_word(value);
  }

  /// Empty while everything has its form.
  const char* reason() const { return reason_; }

 private:
  const rlp_item& next() { return items_[at_++]; }
  void refuse(const char* reason) {
    if (reason_ == nullptr) reason_ = reason;
  }

  static bool is_access(const rlp_item& item) {
    if (!item.is_list || item.items.size() != 2) return false;
    const rlp_item& address = item.items[0];
    const rlp_item& keys = item.items[1];
    return !address.is_list && address.data.size() == 20 && keys.is_list &&
           std::all_of(keys.items.begin(), keys.items.end(),
                       [](const rlp_item& key) { return !key.is_list && key.data.size() == 32; });
  }

  const std::vector<rlp_item>& items_;
  std::size_t at_ = 0;
  const char* reason_ = nullptr;
};

constexpr std::size_t legacy_items = 9, access_list_items = 11, dynamic_fee_items = 12;

std::size_t item_count(envelope_type type) {
  switch (type) {
    case envelope_type::access_list: return access_list_items;
    case envelope_type::dynamic_fee: return dynamic_fee_items;
    case envelope_type::legacy: break;
  }
  return legacy_items;
}

/// A legacy envelope signs two empty items behind its chain id; a typed one signs its type byte.
hash256 hash_to_sign(const transaction_fields& fields, std::vector<bytes> items) {
  if (fields.type == envelope_type::legacy && fields.chain_id) {
    items.push_back(rlp_integer(*fields.chain_id));
    items.insert(items.end(), 2, rlp_string(""));
  }
  bytes preimage = rlp_list(items);
  if (fields.type != envelope_type::legacy) preimage.insert(preimage.begin(), static_cast<std::uint8_t>(fields.type));
  return keccak256(preimage);
}

}  // namespace

result<signed_transaction> decode_signed_transaction(bytes_view raw) {
  if (raw.empty()) return not_a_transaction("no bytes");
  signed_transaction out;
  transaction_fields& fields = out.fields;
  bytes_view body = raw;
  if (raw[0] < 0xc0) {
    if (raw[0] != 1 && raw[0] != 2) return not_a_transaction("an envelope of unknown type");
    fields.type = static_cast<envelope_type>(raw[0]);
    body = raw.subspan(1);
  }
  const auto list = decode_rlp(body);
  if (!list) return not_a_transaction(list.error().message);
  const std::size_t count = item_count(fields.type);
  if (!list->is_list || list->items.size() != count) return not_a_transaction("wrong number of items");

  const bool typed = fields.type != envelope_type::legacy;
  item_reader read{list->items};
  if (typed) fields.chain_id = read.number();
  fields.nonce = read.nonce();
  if (fields.type == envelope_type::dynamic_fee) fields.max_priority_fee = read.number();
  fields.gas_price = read.number();
  fields.gas = read.number();
  fields.to = read.to();
  fields.value = read.number();
  fields.data = read.data();
  if (typed) read.access_list();
  const integer v = read.number();
  out.signature.r = read.word();
  out.signature.s = read.word();
  if (read.reason() != nullptr) return not_a_transaction(read.reason());

  const auto recovery = read_v(v);
  if (!recovery) return not_a_transaction("a v that says nothing");
  out.signature.odd = recovery->odd;
  if (!typed) fields.chain_id = recovery->chain_id;
  std::vector<bytes> signed_items;
  for (std::size_t i = 0; i + 3 < count; ++i) {
    signed_items.emplace_back(list->items[i].encoded.begin(), list->items[i].encoded.end());
  }
  out.signing_hash = hash_to_sign(fields, std::move(signed_items));
  const auto sender = recover_signer(out.signing_hash, out.signature);
  if (!sender) return not_a_transaction("a signature of nobody");
  out.sender = *sender;
  out.hash = keccak256(raw);
  return out;
}

result<bytes> sign_transaction(const transaction_fields& fields, const private_key& key) {
  const bool typed = fields.type != envelope_type::legacy;
  std::vector<bytes> items;
  if (typed) {
    if (!fields.chain_id) return fail(errc::internal, "Internal error", {}, "a typed envelope without chain id");
    items.push_back(rlp_integer(*fields.chain_id));
  }
  items.push_back(rlp_integer(fields.nonce));
  if (fields.type == envelope_type::dynamic_fee) items.push_back(rlp_integer(fields.max_priority_fee));
  items.push_back(rlp_integer(fields.gas_price));
  items.push_back(rlp_integer(fields.gas));
  items.push_back(fields.to ? rlp_string(*fields.to) : rlp_string(""));
  items.push_back(rlp_integer(fields.value));
  items.push_back(rlp_string(fields.data));
  if (typed) items.push_back(rlp_list({}));

  const auto signature = sign_digest(hash_to_sign(fields, items), key);
  if (!signature) return tl::unexpected{signature.error()};
  integer v = signature->odd ? 1 : 0;
  if (!typed) v += fields.chain_id ? integer{35 + 2 * *fields.chain_id} : integer{27};
  items.push_back(rlp_integer(v));
  items.push_back(rlp_integer(from_big_endian(signature->r)));
  items.push_back(rlp_integer(from_big_endian(signature->s)));
  bytes out = rlp_list(items);
  if (typed) out.insert(out.begin(), static_cast<std::uint8_t>(fields.type));
  return out;
}

}  // namespace quorate::chain
