// SPDX-License-Identifier: MIT
#include "engine/python/vm/pages.hpp"

#include <algorithm>
#include <cstring>

namespace quorate::engine::python {

namespace {

chain::bytes storage_key(const page_key& key) {
  chain::bytes out{key.slot.begin(), key.slot.end()};
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(key.index >> shift));
  return out;
}

/// One entry of `written`; false when it is none.
bool read_entry(const chain::calldata_value& value, page_key& key, page& content) {
  const auto* entry = std::get_if<chain::calldata_array>(&value.held);
  if (!entry || entry->size() != 3) return false;
  const auto* slot = std::get_if<chain::bytes>(&(*entry)[0].held);
  const auto* index = std::get_if<chain::integer>(&(*entry)[1].held);
  const auto* data = std::get_if<chain::bytes>(&(*entry)[2].held);
  if (!slot || slot->size() != key.slot.size() || !data || data->size() != page_size) return false;
  if (!index || *index < 0 || *index >= slot_size / page_size) return false;
  std::ranges::copy(*slot, key.slot.begin());
  key.index = static_cast<std::uint32_t>(*index);
  std::ranges::copy(*data, content.begin());
  return true;
}

}  // namespace

std::size_t page_overlay::slot_hash::operator()(const page_key& key) const noexcept {
  // Slot ids are hashes, but for the root's and those of hostile contracts, which only slow themselves down.
  std::size_t out = 0;
  std::memcpy(&out, key.slot.data(), sizeof out);
  return out ^ (key.index * 0x9e3779b97f4a7c15u);
}

vm_result<const page_overlay::block*> page_overlay::block_at(const slot_id& slot, std::uint32_t number) {
  const page_key key{slot, number};
  if (const auto found = blocks_.find(key); found != blocks_.end()) return &found->second;
  block content;
  if (auto read = below_->read(slot, number * std::uint32_t{block_size}, content); !read) return refuse(read.error());
  return &blocks_.emplace(key, content).first->second;
}

vm_status page_overlay::read_committed(const slot_id& slot, std::uint64_t offset, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::size_t start = offset % block_size;
    const std::size_t count = std::min(out.size(), block_size - start);
    const auto found = block_at(slot, static_cast<std::uint32_t>(offset / block_size));
    if (!found) return refuse(found.error());
    std::memcpy(out.data(), (*found)->data() + start, count);
    out = out.subspan(count);
    offset += count;
  }
  return {};
}

void page_overlay::remember(const slot_id& slot, std::uint32_t offset, std::span<const std::uint8_t> data) {
  for (; data.size() >= block_size; offset += block_size, data = data.subspan(block_size)) {
    std::memcpy(blocks_[{slot, static_cast<std::uint32_t>(offset / block_size)}].data(), data.data(), block_size);
  }
}

vm_status page_overlay::read(const slot_id& slot, std::uint64_t offset, std::span<std::uint8_t> out) {
  if (auto below = read_committed(slot, offset, out); !below) return below;
  if (out.empty()) return {};
  const page_key first{slot, static_cast<std::uint32_t>(offset / page_size)};
  for (auto at = pages_.lower_bound(first); at != pages_.end() && at->first.slot == slot; ++at) {
    const std::uint64_t start = std::uint64_t{at->first.index} * page_size;
    if (start >= offset + out.size()) break;
    const std::uint64_t from = std::max(start, offset), to = std::min(start + page_size, offset + out.size());
    std::memcpy(out.data() + (from - offset), at->second.data() + (from - start), to - from);
  }
  return {};
}

vm_result<page*> page_overlay::page_for_writing(const page_key& key) {
  const auto found = pages_.find(key);
  if (found != pages_.end()) return &found->second;
  page content;
  if (auto read = read_committed(key.slot, std::uint64_t{key.index} * page_size, content); !read) {
    return refuse(read.error());
  }
  return &pages_.emplace(key, content).first->second;
}

vm_status page_overlay::write(const slot_id& slot, std::uint64_t offset, std::span<const std::uint8_t> data) {
  while (!data.empty()) {
    const std::size_t start = offset % page_size;
    const std::size_t count = std::min(data.size(), page_size - start);
    const page_key key{slot, static_cast<std::uint32_t>(offset / page_size)};
    const auto target = page_for_writing(key);
    if (!target) return refuse(target.error());
    std::memcpy((*target)->data() + start, data.data(), count);
    touched_.insert(key);
    data = data.subspan(count);
    offset += count;
  }
  return {};
}

chain::calldata_array page_overlay::written() const {
  chain::calldata_array out;
  for (const auto& key : touched_) {
    const page& content = pages_.at(key);
    out.emplace_back(chain::calldata_array{chain::calldata_value{chain::bytes{key.slot.begin(), key.slot.end()}},
                                           chain::calldata_value{chain::integer{key.index}},
                                           chain::calldata_value{chain::bytes{content.begin(), content.end()}}});
  }
  return out;
}

vm_status page_overlay::absorb(const chain::calldata_array& pages) {
  std::map<page_key, page> taken;
  for (const auto& entry : pages) {
    page_key key;
    page content;
    if (!read_entry(entry, key, content)) return refuse(vm_errno::inval);
    taken[key] = content;
  }
  for (const auto& [key, content] : taken) {
    pages_[key] = content;
    touched_.insert(key);
  }
  return {};
}

vm_result<chain::calldata_array> page_overlay::changes() {
  chain::calldata_array out;
  page_key following;
  chain::bytes* last = nullptr;
  for (const auto& [key, content] : pages_) {
    page before;
    if (auto read = read_committed(key.slot, std::uint64_t{key.index} * page_size, before); !read) {
      return refuse(read.error());
    }
    if (content == before) continue;
    if (last && key == following) {
      last->insert(last->end(), content.begin(), content.end());
    } else {
      out.emplace_back(chain::calldata_array{chain::calldata_value{storage_key(key)},
                                             chain::calldata_value{chain::bytes{content.begin(), content.end()}}});
      last = &std::get<chain::bytes>(std::get<chain::calldata_array>(out.back().held)[1].held);
    }
    following = {key.slot, key.index + 1};
  }
  return out;
}

}  // namespace quorate::engine::python
