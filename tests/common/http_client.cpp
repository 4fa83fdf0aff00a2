// SPDX-License-Identifier: MIT
#include "tests/common/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace quorate::tests {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

std::size_t number(std::string_view text, int base) {
  std::size_t n = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), n, base);
  if (parsed.ec != std::errc{}) throw http_client::error("not a number: " + std::string(text));
  return n;
}

}  // namespace

std::string http_response::header(const std::string& lower_case_name) const {
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? std::string{} : found->second;
}

std::string http_request(std::string_view method, std::string_view target, std::string_view body,
                         std::string_view header_lines) {
  std::string text;
  text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(header_lines);
  if (!body.empty() || method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append("\r\n").append(body);
}

http_client::http_client(std::uint16_t port, std::string host, std::chrono::milliseconds patience)
    : host_(std::move(host)), port_(port), patience_(patience) {
  connect();
}

http_client::~http_client() { close(); }

http_client::http_client(http_client&& other) noexcept
    : host_(std::move(other.host_)),
      port_(other.port_),
      patience_(other.patience_),
      fd_(std::exchange(other.fd_, -1)),
      buffer_(std::move(other.buffer_)),
      used_(other.used_),
      close_announced_(other.close_announced_) {}

http_client& http_client::operator=(http_client&& other) noexcept {
  if (this == &other) return *this;
  close();
  host_ = std::move(other.host_);
  port_ = other.port_;
  patience_ = other.patience_;
  fd_ = std::exchange(other.fd_, -1);
  buffer_ = std::move(other.buffer_);
  used_ = other.used_;
  close_announced_ = other.close_announced_;
  return *this;
}

void http_client::connect() {
  close();
  buffer_.clear();
  used_ = 0;
  close_announced_ = false;
  const bool v6 = host_.find(':') != std::string::npos;
  fd_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) throw error("socket: " + std::string(std::strerror(errno)));
  sockaddr_in6 six{};
  sockaddr_in four{};
  six.sin6_family = AF_INET6;
  four.sin_family = AF_INET;
  six.sin6_port = four.sin_port = htons(port_);
  const auto parsed =
      v6 ? ::inet_pton(AF_INET6, host_.c_str(), &six.sin6_addr) : ::inet_pton(AF_INET, host_.c_str(), &four.sin_addr);
  if (parsed != 1) throw error("not an address: " + host_);
  const auto* address = v6 ? reinterpret_cast<sockaddr*>(&six) : reinterpret_cast<sockaddr*>(&four);
  if (::connect(fd_, address, v6 ? sizeof six : sizeof four) < 0) {
    const std::string why = std::strerror(errno);
    close();
    throw error("connect: " + why);
  }
  const timeval patience{patience_.count() / 1000, patience_.count() % 1000 * 1000};
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

http_response http_client::get(std::string_view target, std::string_view header_lines) {
  return request("GET", target, {}, header_lines);
}

http_response http_client::post(std::string_view target, std::string_view body, std::string_view header_lines) {
  return request("POST", target, body, header_lines);
}

http_response http_client::request(std::string_view method, std::string_view target, std::string_view body,
                                   std::string_view header_lines) {
  if (fd_ < 0 || close_announced_) connect();
  send(http_request(method, target, body, header_lines));  // a refusal may come before all is sent: read in any case
  return receive(method == "HEAD");
}

bool http_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

http_response http_client::receive(bool to_head) {
  http_response r;
  const auto status_line = take_line();
  if (!status_line.starts_with("HTTP/1.1 ") || status_line.size() < 12) throw error("no HTTP response: " + status_line);
  r.status = static_cast<int>(number(std::string_view(status_line).substr(9, 3), 10));
  if (status_line.size() > 13) r.reason = status_line.substr(13);
  for (auto line = take_line(); !line.empty(); line = take_line()) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw error("bad header line: " + line);
    r.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
  }
  close_announced_ = lower(r.header("connection")) == "close";
  if (to_head || r.status == 204 || r.status / 100 == 1) return r;
  if (r.has("content-length")) {
    take(r.body, number(r.header("content-length"), 10));
  } else if (r.header("transfer-encoding") == "chunked") {
    while (const auto size = number(take_line(), 16)) {
      take(r.body, size);
      take_line();
    }
    take_line();
  } else {
    r.body = read_to_end();
  }
  return r;
}

std::string http_client::read_to_end() {
  while (fill()) {
  }
  auto rest = buffer_.substr(used_);
  buffer_.clear();
  used_ = 0;
  return rest;
}

bool http_client::readable(std::chrono::milliseconds wait) {
  if (used_ < buffer_.size()) return true;
  pollfd p{fd_, POLLIN, 0};
  return ::poll(&p, 1, static_cast<int>(wait.count())) > 0;
}

void http_client::half_close() { ::shutdown(fd_, SHUT_WR); }

void http_client::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

void http_client::reset() {
  const linger hard{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close();
}

bool http_client::fill() {
  buffer_.erase(0, std::exchange(used_, 0));
  pollfd p{fd_, POLLIN, 0};
  const auto ready = ::poll(&p, 1, static_cast<int>(patience_.count()));
  if (ready == 0) throw error("the server said nothing for " + std::to_string(patience_.count()) + " ms");
  char bytes[64 * 1024];
  const auto n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;  // FIN or RST
  buffer_.append(bytes, static_cast<std::size_t>(n));
  return true;
}

std::string http_client::take_line() {
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n", used_)) == std::string::npos) {
    if (!fill()) throw error("the connection ended inside a response head: \"" + buffer_.substr(used_) + "\"");
  }
  auto line = buffer_.substr(used_, end - used_);
  used_ = end + 2;
  return line;
}

void http_client::take(std::string& to, std::size_t size) {
  while (buffer_.size() - used_ < size) {
    if (!fill()) throw error("the connection ended inside a body");
  }
  to.append(buffer_, used_, size);
  used_ += size;
}

}  // namespace quorate::tests
