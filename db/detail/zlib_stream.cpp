// SPDX-License-Identifier: MIT
#include "db/detail/zlib_stream.hpp"

#include <zlib.h>

#include <array>
#include <new>

namespace quorate::db::detail {

namespace {

constexpr std::size_t buffer_size = 64 * 1024;

Bytef* bytes(std::string_view text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

deflater::deflater()
    : stream_{new z_stream{}, [](z_stream* stream) {
                deflateEnd(stream);
                delete stream;
              }} {
  if (deflateInit(stream_.get(), Z_DEFAULT_COMPRESSION) != Z_OK) throw std::bad_alloc{};
}

void deflater::add(std::string_view piece) { pump(piece, Z_NO_FLUSH); }

std::string deflater::finish() {
  pump({}, Z_FINISH);
  return std::move(compressed_);
}

void deflater::pump(std::string_view piece, int flush) {
  stream_->next_in = bytes(piece);
  stream_->avail_in = static_cast<uInt>(piece.size());
  do {
    const auto before = compressed_.size();
    compressed_.resize(before + buffer_size);
    stream_->next_out = bytes(compressed_) + before;
    stream_->avail_out = buffer_size;
    deflate(stream_.get(), flush);
    compressed_.resize(compressed_.size() - stream_->avail_out);
  } while (stream_->avail_out == 0);
}

inflater::inflater()
    : stream_{new z_stream{}, [](z_stream* stream) {
                inflateEnd(stream);
                delete stream;
              }} {
  if (inflateInit(stream_.get()) != Z_OK) throw std::bad_alloc{};
}

status inflater::add(std::string_view compressed, const handler& on_piece) {
  std::array<char, buffer_size> buffer;
  stream_->next_in = bytes(compressed);
  stream_->avail_in = static_cast<uInt>(compressed.size());
  while (!finished_ && stream_->avail_in > 0) {
    do {
      stream_->next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_->avail_out = buffer_size;
      const int code = inflate(stream_.get(), Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        return fail(errc::parse_error, "The snapshot is damaged", {}, stream_->msg != nullptr ? stream_->msg : "zlib");
      }
      finished_ = code == Z_STREAM_END;
      if (auto taken = on_piece({buffer.data(), buffer_size - stream_->avail_out}); !taken) return taken;
    } while (!finished_ && stream_->avail_out == 0);
  }
  return {};
}

}  // namespace quorate::db::detail
