// SPDX-License-Identifier: MIT
#include "engine/modules/lua_pattern.hpp"

namespace quorate::engine::modules {

/// Backtracking on a stack of its own, so that no text and no pattern can use up the thread's. Captures need no
/// undoing: each way through the items sets them anew before anything refers to them.
class lua_pattern::search {
 public:
  search(const lua_pattern& of, std::string_view text) : of_{of}, text_{text}, captures_(of.captures_) {}

  result<std::optional<span>> run() {
    for (std::size_t begin = 0; begin <= text_.size(); ++begin) {
      const bool matched = match(begin);
      if (mistake_ != nullptr) return fail(errc::invalid_params, std::string{"malformed pattern: "} + mistake_);
      if (steps_ > most_steps) return fail(errc::invalid_params, "pattern too complex");
      if (matched) return span{begin, at_};
      if (of_.anchored_) break;
    }
    return std::nullopt;
  }

 private:
  /// Where another way can be tried: the item was left at `end`, and may be left anywhere down to `least` (greedy), or
  /// further on (lazy).
  struct choice {
    std::size_t item, end, least;
  };

  bool match(std::size_t begin) {
    choices_.clear();
    at_ = begin;
    item_ = 0;
    while (item_ < of_.items_.size()) {
      if (mistake_ != nullptr || ++steps_ > most_steps) return false;
      if (step(of_.items_[item_])) {
        ++item_;
      } else if (!retry()) {
        return false;
      }
    }
    return true;
  }

  bool step(const item& one) {
    switch (one.what) {
      case kind::single: return single(one);
      case kind::balance: return balance(one);
      case kind::frontier: return frontier(of_.sets_[one.set]);
      case kind::open: captures_[one.first].begin = at_; return true;
      case kind::close: captures_[one.first].end = at_; return true;
      case kind::back: return back(captures_[one.first]);
      case kind::end: return at_ == text_.size();
      case kind::mistake: mistake_ = one.mistake; return false;
    }
    return false;
  }

  bool is_in(const char_set& set, std::size_t at) const {
    return at < text_.size() && set[static_cast<unsigned char>(text_[at])];
  }

  bool single(const item& one) {
    const char_set& set = of_.sets_[one.set];
    switch (one.times) {
      case repeat::once:
        if (!is_in(set, at_)) return false;
        ++at_;
        return true;
      case repeat::lazy: choices_.push_back({.item = item_, .end = at_, .least = at_}); return true;
      case repeat::optional:
      case repeat::greedy: {
        const std::size_t least = at_;
        while (is_in(set, at_) && (one.times == repeat::greedy || at_ == least)) ++at_;
        steps_ += at_ - least;
        if (at_ > least) choices_.push_back({.item = item_, .end = at_, .least = least});
        return true;
      }
    }
    return false;
  }

  /// Goes back to the last choice that has another way, and takes it.
  bool retry() {
    while (mistake_ == nullptr && !choices_.empty()) {
      choice& last = choices_.back();
      const item& one = of_.items_[last.item];
      if (one.times == repeat::lazy ? is_in(of_.sets_[one.set], last.end) : last.end > last.least) {
        at_ = one.times == repeat::lazy ? ++last.end : --last.end;
        item_ = last.item + 1;
        if (one.times != repeat::lazy && last.end == last.least) choices_.pop_back();
        return true;
      }
      choices_.pop_back();
    }
    return false;
  }

  bool balance(const item& one) {
    if (at_ == text_.size() || static_cast<std::uint8_t>(text_[at_]) != one.first) return false;
    std::size_t open = 1;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      ++steps_;
      const auto c = static_cast<std::uint8_t>(text_[i]);
      if (c == one.second) {  // the closing one first: both may be the same
        if (--open == 0) {
          at_ = i + 1;
          return true;
        }
      } else if (c == one.first) {
        ++open;
      }
    }
    return false;
  }

  bool frontier(const char_set& set) const {
    const auto before = static_cast<unsigned char>(at_ == 0 ? '\0' : text_[at_ - 1]);
    const auto here = static_cast<unsigned char>(at_ == text_.size() ? '\0' : text_[at_]);
    return !set[before] && set[here];
  }

  bool back(const span& to) {
    const auto captured = text_.substr(to.begin, to.end - to.begin);
    steps_ += captured.size();
    if (!text_.substr(at_).starts_with(captured)) return false;
    at_ += captured.size();
    return true;
  }

  const lua_pattern& of_;
  std::string_view text_;
  std::vector<span> captures_;
  std::vector<choice> choices_;
  std::size_t at_ = 0, item_ = 0;
  std::uint64_t steps_ = 0;
  const char* mistake_ = nullptr;
};

result<std::optional<lua_pattern::span>> lua_pattern::find(std::string_view text) const {
  return search{*this, text}.run();
}

}  // namespace quorate::engine::modules
