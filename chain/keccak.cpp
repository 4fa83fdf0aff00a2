// SPDX-License-Identifier: MIT
#include "chain/keccak.hpp"

#include <cryptopp/keccak.h>
#include <cryptopp/sha.h>
#include <cryptopp/sha3.h>

namespace quorate::chain {

namespace {

template <class Hash>
hash256 digest(bytes_view data) {
  hash256 out;
  static_assert(Hash::DIGESTSIZE == sizeof out);
  Hash hash;
  hash.Update(data.data(), data.size());
  hash.Final(out.data());
  return out;
}

}  // namespace

hash256 keccak256(bytes_view data) { return digest<CryptoPP::Keccak_256>(data); }
hash256 sha3_256(bytes_view data) { return digest<CryptoPP::SHA3_256>(data); }
hash256 sha256(bytes_view data) { return digest<CryptoPP::SHA256>(data); }

}  // namespace quorate::chain
