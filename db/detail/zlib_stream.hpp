// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "chain/result.hpp"

struct z_stream_s;

/// zlib (RFC 1950) in pieces: how snapshots are stored (docs/spec/database.md §2.10).
namespace quorate::db::detail {

class deflater {
 public:
  deflater();
  void add(std::string_view piece);
  /// Everything, compressed; nothing may be added afterwards.
  std::string finish();

 private:
  void pump(std::string_view piece, int flush);

  std::unique_ptr<z_stream_s, void (*)(z_stream_s*)> stream_;
  std::string compressed_;
};

class inflater {
 public:
  using handler = std::function<status(std::string_view)>;
  inflater();
  /// Hands the decompressed text on in pieces. errc::parse_error for damaged data; the handler's own errors.
  status add(std::string_view compressed, const handler& on_piece);
  bool finished() const noexcept { return finished_; }

 private:
  std::unique_ptr<z_stream_s, void (*)(z_stream_s*)> stream_;
  bool finished_ = false;
};

}  // namespace quorate::db::detail
