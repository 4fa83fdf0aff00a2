// SPDX-License-Identifier: MIT
#include "tests/common/tcp_gate.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace quorate::tests {
namespace {

using steady = std::chrono::steady_clock;

/// A connection that holds more than this is not read from until it has sent some.
constexpr std::size_t held_limit = std::size_t{1} << 20;

[[noreturn]] void throw_errno(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int new_socket() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw_errno("socket");
  return fd;
}

/// Closes with RST instead of FIN.
void reset(int fd) {
  const linger hard{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(fd);
}

/// One direction of a connection.
struct stream {
  struct chunk {
    steady::time_point due;
    std::string bytes;
  };
  int from = -1;
  int to = -1;
  std::deque<chunk> held;
  std::size_t held_bytes = 0;
  bool ended = false;     // `from` has said FIN
  bool finished = false;  // FIN passed on to `to`
};

struct connection {
  stream up;    // client to server
  stream down;  // server to client
};

}  // namespace

class tcp_gate::loop {
 public:
  enum class mode { forward, pause, swallow };

  explicit loop(std::uint16_t upstream_port) : upstream_port_(upstream_port) {
    wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake_ < 0) throw_errno("eventfd");
    listen();
    thread_ = std::thread([this] { run(); });
  }

  ~loop() {
    command([this] { stopped_ = true; });
    thread_.join();
    reset_all();
    if (listener_ >= 0) ::close(listener_);
    ::close(wake_);
  }

  /// Runs `change` on the gate's thread and returns when it is done.
  void command(std::function<void()> change) {
    std::packaged_task<void()> task(std::move(change));
    auto done = task.get_future();
    {
      const std::lock_guard lock(mutex_);
      commands_.push_back(std::move(task));
    }
    const std::uint64_t one = 1;
    if (::write(wake_, &one, sizeof one) < 0) throw_errno("eventfd");
    done.get();
  }

  // The rest, up to the counters, is called on the gate's thread only.

  void set_mode(mode m) { mode_ = m; }
  void set_delay(std::chrono::milliseconds by) { delay_ = by; }
  void set_limit(std::optional<std::size_t> limit) { limit_ = limit; }

  void listen() {
    if (listener_ >= 0) return;
    listener_ = new_socket();
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto address = loopback(port_);
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) throw_errno("bind");
    if (::listen(listener_, 1024) < 0) throw_errno("listen");
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }

  void refuse() {
    if (listener_ >= 0) ::close(listener_);
    listener_ = -1;
  }

  void reset_all() {
    for (auto& c : connections_) drop(c);
    connections_.clear();
    open_ = 0;
  }

  std::atomic<std::uint16_t> port_{0};
  std::atomic<std::size_t> open_{0};
  std::atomic<std::size_t> accepted_{0};
  std::atomic<std::size_t> carried_{0};

 private:
  static void drop(connection& c) {
    reset(c.up.from);
    reset(c.up.to);
  }

  void run() {
    while (!stopped_) {
      wait();
      run_commands();
      if (mode_ != mode::pause) {
        accept_all();
        serve_all();
      }
    }
  }

  void run_commands() {
    std::uint64_t ignored = 0;
    while (::read(wake_, &ignored, sizeof ignored) > 0) {
    }
    std::vector<std::packaged_task<void()>> todo;
    {
      const std::lock_guard lock(mutex_);
      todo.swap(commands_);
    }
    for (auto& task : todo) task();
  }

  /// Sleeps until a socket, a command or the next delayed chunk asks for work.
  void wait() {
    std::vector<pollfd> polled{{wake_, POLLIN, 0}};
    int timeout = -1;
    if (mode_ != mode::pause) {
      if (listener_ >= 0) polled.push_back({listener_, POLLIN, 0});
      const auto now = steady::now();
      for (auto& c : connections_) {
        for (const stream* s : {&c.up, &c.down}) {
          const stream& other = s == &c.up ? c.down : c.up;
          short events = 0;
          if (!s->ended && s->held_bytes < held_limit) events |= POLLIN;
          if (mode_ == mode::forward && !other.held.empty() && other.held.front().due <= now) events |= POLLOUT;
          if (events != 0) polled.push_back({s->from, events, 0});
          if (!s->held.empty() && s->held.front().due > now) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(s->held.front().due - now).count();
            if (timeout < 0 || left < timeout) timeout = static_cast<int>(left);
          }
        }
      }
    }
    ::poll(polled.data(), polled.size(), timeout);
  }

  void accept_all() {
    while (listener_ >= 0) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client < 0) return;
      accepted_ += 1;
      const int server = new_socket();
      const int on = 1;
      ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      const auto address = loopback(upstream_port_);
      if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 && errno != EINPROGRESS) {
        reset(client);
        ::close(server);
        continue;
      }
      connection c;
      c.up.from = c.down.to = client;
      c.up.to = c.down.from = server;
      connections_.push_back(std::move(c));
      open_ += 1;
    }
  }

  void serve_all() {
    for (auto it = connections_.begin(); it != connections_.end();) {
      if (serve(it->up, false) && serve(it->down, true)) {
        if (!it->up.finished || !it->down.finished) {
          ++it;
          continue;
        }
        ::close(it->up.from);
        ::close(it->up.to);
      } else {
        drop(*it);
      }
      it = connections_.erase(it);
      open_ -= 1;
    }
  }

  /// False when the connection is broken and both sides are to be reset.
  bool serve(stream& s, bool from_server) { return read_some(s) && send_some(s, from_server); }

  bool read_some(stream& s) {
    char buffer[64 * 1024];
    while (!s.ended && s.held_bytes < held_limit) {
      const auto n = ::recv(s.from, buffer, sizeof buffer, 0);
      if (n < 0) return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;  // ENOTCONN: still connecting
      if (n == 0) {
        s.ended = true;
      } else if (mode_ == mode::forward) {
        s.held.push_back({steady::now() + delay_, std::string(buffer, static_cast<std::size_t>(n))});
        s.held_bytes += static_cast<std::size_t>(n);
      }
    }
    return true;
  }

  bool send_some(stream& s, bool from_server) {
    if (mode_ == mode::swallow) return true;
    const auto now = steady::now();
    while (!s.held.empty() && s.held.front().due <= now) {
      auto& bytes = s.held.front().bytes;
      auto size = bytes.size();
      if (from_server && limit_) {
        if (*limit_ == 0) return false;
        size = std::min(size, *limit_);
      }
      const auto n = ::send(s.to, bytes.data(), size, MSG_NOSIGNAL);
      if (n < 0) return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
      const auto sent = static_cast<std::size_t>(n);
      s.held_bytes -= sent;
      if (from_server) {
        carried_ += sent;
        if (limit_) *limit_ -= sent;
        if (limit_ && *limit_ == 0) return false;
      }
      if (sent == bytes.size()) {
        s.held.pop_front();
      } else {
        bytes.erase(0, sent);
      }
    }
    if (s.ended && s.held.empty() && !s.finished) {
      ::shutdown(s.to, SHUT_WR);
      s.finished = true;
    }
    return true;
  }

  const std::uint16_t upstream_port_;
  int listener_ = -1;
  int wake_ = -1;
  bool stopped_ = false;
  mode mode_ = mode::forward;
  std::chrono::milliseconds delay_{0};
  std::optional<std::size_t> limit_;
  std::list<connection> connections_;

  std::mutex mutex_;
  std::vector<std::packaged_task<void()>> commands_;
  std::thread thread_;
};

tcp_gate::tcp_gate(std::uint16_t upstream_port) : loop_(std::make_unique<loop>(upstream_port)) {}
tcp_gate::~tcp_gate() = default;

std::uint16_t tcp_gate::port() const { return loop_->port_; }

void tcp_gate::forward() {
  loop_->command([this] {
    loop_->set_mode(loop::mode::forward);
    loop_->set_delay({});
    loop_->set_limit({});
    loop_->listen();
  });
}
void tcp_gate::pause() {
  loop_->command([this] { loop_->set_mode(loop::mode::pause); });
}
void tcp_gate::delay(std::chrono::milliseconds by) {
  loop_->command([this, by] { loop_->set_delay(by); });
}
void tcp_gate::swallow() {
  loop_->command([this] { loop_->set_mode(loop::mode::swallow); });
}
void tcp_gate::refuse() {
  loop_->command([this] { loop_->refuse(); });
}
void tcp_gate::limit_bytes(std::size_t from_server) {
  loop_->command([this, from_server] { loop_->set_limit(from_server); });
}
void tcp_gate::reset_all() {
  loop_->command([this] { loop_->reset_all(); });
}

std::size_t tcp_gate::open_connections() const { return loop_->open_; }
std::size_t tcp_gate::accepted() const { return loop_->accepted_; }
std::size_t tcp_gate::bytes_from_server() const { return loop_->carried_; }

}  // namespace quorate::tests
