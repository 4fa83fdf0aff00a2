// SPDX-License-Identifier: MIT
#include "engine/modules/web/browser/devtools.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace quorate::engine::modules {

namespace {

tl::unexpected<error> has_ended() { return fail(errc::internal, "the browser has ended"); }

}  // namespace

std::uint64_t devtools::send(const char* method, chain::json params, const std::string& session) {
  chain::json message{{"id", ++last_}, {"method", method}, {"params", std::move(params)}};
  if (!session.empty()) message["sessionId"] = session;
  unsent_ += chain::dump_json(message);
  unsent_ += '\0';
  return last_;
}

result<std::optional<chain::json>> devtools::next(clock::time_point deadline) {
  while (true) {
    if (auto message = take(); !message || *message) return message;
    if (!write_some()) return has_ended();
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now()).count();
    if (left <= 0) return fail(errc::query_timeout, "the time is over");
    const auto wanted = static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
    pollfd ready[] = {{channel_, wanted, 0}, {waking_, POLLIN, 0}};
    constexpr std::int64_t longest_wait = 60'000;
    if (poll(ready, std::size(ready), static_cast<int>(std::min<std::int64_t>(left, longest_wait))) < 0 &&
        errno != EINTR)
      return fail(errc::internal, "the browser cannot be listened to");
    if ((ready[0].revents & ~POLLOUT) != 0) {
      if (auto read = read_some(); !read) return tl::unexpected{std::move(read.error())};
    }
    if (ready[1].revents != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const auto taken = ::read(waking_, &count, sizeof count);
      return std::optional<chain::json>{};
    }
  }
}

/// False when nobody reads any more.
bool devtools::write_some() {
  while (!unsent_.empty()) {
    const auto count = ::send(channel_, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    unsent_.erase(0, static_cast<std::size_t>(count));
  }
  return true;
}

status devtools::read_some() {
  std::array<char, 64 * 1024> buffer;
  const auto count = ::read(channel_, buffer.data(), buffer.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return {};
  if (count <= 0) return has_ended();
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return {};
}

result<std::optional<chain::json>> devtools::take() {
  const auto end = received_.find('\0', searched_);
  if (end == std::string::npos) {
    searched_ = received_.size();
    if (searched_ > longest_) return fail(errc::internal, "the page is too large");
    return std::optional<chain::json>{};
  }
  auto parsed = chain::parse_json(std::string_view{received_}.substr(0, end), {256, 10'000'000});
  received_.erase(0, end + 1);
  searched_ = 0;
  if (!parsed) return fail(errc::internal, "the browser's message is no JSON");
  return std::optional{std::move(*parsed)};
}

}  // namespace quorate::engine::modules
