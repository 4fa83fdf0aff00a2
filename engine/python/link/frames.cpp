// SPDX-License-Identifier: MIT
#include "engine/python/link/frames.hpp"

#include <array>

#include "chain/little_endian.hpp"
#include "engine/python/link/descriptor.hpp"

namespace quorate::engine::python {

namespace {

constexpr std::size_t frame_header_size = 5;
using frame_header = std::array<std::uint8_t, frame_header_size>;

frame_header make_header(frame_kind kind, std::size_t size) {
  return {static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size >> 16),
          static_cast<std::uint8_t>(size >> 24), static_cast<std::uint8_t>(kind)};
}

std::size_t size_in(const std::uint8_t* header) { return chain::from_little_endian({header, frame_header_size - 1}); }

bool is_fine(const std::uint8_t* header) {
  return size_in(header) <= longest_frame && header[4] >= static_cast<std::uint8_t>(frame_kind::order) &&
         header[4] <= static_cast<std::uint8_t>(frame_kind::report);
}

}  // namespace

chain::bytes encode_frame(frame_kind kind, chain::bytes_view content) {
  const auto header = make_header(kind, content.size());
  chain::bytes out;
  out.reserve(header.size() + content.size());
  out.insert(out.end(), header.begin(), header.end());
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

bool send_frame(int stream, frame_kind kind, chain::bytes_view content) {
  if (content.size() > longest_frame) return false;
  return write_all(stream, make_header(kind, content.size())) && write_all(stream, content);
}

std::optional<frame> receive_frame(int stream) {
  frame_header header;
  if (!read_all(stream, header) || !is_fine(header.data())) return std::nullopt;
  frame out{static_cast<frame_kind>(header[4]), chain::bytes(size_in(header.data()))};
  if (!read_all(stream, out.content)) return std::nullopt;
  return out;
}

std::optional<frame> frame_reader::next() {
  if (broken_ || buffered_.size() - start_ < frame_header_size) return std::nullopt;
  const std::uint8_t* header = buffered_.data() + start_;
  if (!is_fine(header)) {
    broken_ = true;
    return std::nullopt;
  }
  const std::size_t size = size_in(header);
  if (buffered_.size() - start_ - frame_header_size < size) return std::nullopt;
  frame out{static_cast<frame_kind>(header[4]), {header + frame_header_size, header + frame_header_size + size}};
  start_ += frame_header_size + size;
  if (start_ == buffered_.size()) {
    buffered_.clear();
    start_ = 0;
  }
  return out;
}

}  // namespace quorate::engine::python
