// SPDX-License-Identifier: MIT

/// WebSockets that listen: many that hear nothing and a few that hear of transactions. Says `ready` when every
/// subscription was confirmed, and at the end of its standard input how many sockets are still open. What the few heard
/// goes to a file, one line per message: microseconds of the system's clock, a tab, the text.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/option.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace {

namespace asio = boost::asio;
namespace ws = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t opening_at_once = 64;  // the server's backlog is not what is measured

struct plan {
  std::uint16_t port = 0;
  std::size_t idle = 0, listeners = 0;
  bool compression = false;
  std::string topics, heard;  // files
};

class crowd;

class subscriber {
 public:
  subscriber(asio::io_context& io, crowd& of, std::vector<std::string> topics, bool listens)
      : crowd_{of}, topics_{std::move(topics)}, socket_{io}, listens_{listens} {}

  void start(const tcp::endpoint& server, bool compression);

 private:
  void subscribe();
  void read();
  void heard(std::string_view text);
  void closed(const error_code& why);

  crowd& crowd_;
  std::vector<std::string> topics_;
  ws::stream<tcp::socket> socket_;
  boost::beast::flat_buffer buffer_;
  std::string sent_;
  std::size_t confirmed_ = 0;
  bool listens_;
};

/// All of them, and what they tell.
class crowd {
 public:
  explicit crowd(const plan& what) : what_{what}, input_{io_, ::dup(STDIN_FILENO)}, heard_{what.heard} {
    std::vector<std::vector<std::string>> topics(what.listeners);
    std::ifstream file{what.topics};
    std::size_t n = 0;
    for (std::string line; what.listeners > 0 && std::getline(file, line); ++n)
      topics[n % what.listeners].push_back(line);
    for (auto& some : topics) all_.emplace_back(io_, *this, std::move(some), true);
    for (std::size_t i = 0; i < what.idle; ++i)
      all_.emplace_back(io_, *this, std::vector<std::string>{"nobody speaks of " + std::to_string(i)}, false);
  }

  int run() {
    for (std::size_t i = 0; i < opening_at_once; ++i) open_next();
    wait_for_the_end();
    io_.run();
    std::cout << "open " << all_.size() - lost_ << std::endl;
    return lost_ == 0 ? 0 : 1;
  }

  void ready() {
    if (++ready_ == all_.size()) std::cout << "ready " << ready_ << std::endl;
    open_next();
  }
  void lost(const error_code& why) {
    if (lost_++ == 0) std::cerr << "subscribers: " << why.message() << std::endl;
  }
  void note(std::string_view text) {
    const auto at = std::chrono::system_clock::now().time_since_epoch();
    heard_ << std::chrono::duration_cast<std::chrono::microseconds>(at).count() << '\t' << text << '\n';
  }

 private:
  void open_next() {
    if (opened_ < all_.size()) all_[opened_++].start({asio::ip::address_v4::loopback(), what_.port}, what_.compression);
  }
  void wait_for_the_end() {
    input_.async_read_some(asio::buffer(word_), [this](error_code ec, std::size_t) {
      if (!ec) return wait_for_the_end();
      heard_.flush();
      io_.stop();
    });
  }

  const plan& what_;
  asio::io_context io_{1};
  asio::posix::stream_descriptor input_;
  char word_[64] = {};
  std::ofstream heard_;
  std::deque<subscriber> all_;
  std::size_t opened_ = 0, ready_ = 0, lost_ = 0;
};

void subscriber::start(const tcp::endpoint& server, bool compression) {
  ws::permessage_deflate deflate;
  deflate.client_enable = compression;
  socket_.set_option(deflate);
  socket_.next_layer().async_connect(server, [this](error_code ec) {
    if (ec) return closed(ec);
    socket_.next_layer().set_option(tcp::no_delay{true});
    socket_.async_handshake("127.0.0.1", "/ws", [this](error_code failed) {
      if (failed) return closed(failed);
      subscribe();
      read();
    });
  });
}

void subscriber::subscribe() {
  sent_ = R"({"event":"subscribe","data":[)";
  for (const auto& topic : topics_) sent_ += '"' + topic + "\",";
  sent_.back() = ']';
  sent_ += '}';
  socket_.async_write(asio::buffer(sent_), [this](error_code ec, std::size_t) {
    if (ec) closed(ec);
  });
}

void subscriber::read() {
  socket_.async_read(buffer_, [this](error_code ec, std::size_t) {
    if (ec) return closed(ec);
    const auto data = buffer_.cdata();
    heard({static_cast<const char*>(data.data()), data.size()});
    buffer_.consume(buffer_.size());
    read();
  });
}

void subscriber::heard(std::string_view text) {
  if (text.starts_with(R"({"event":"subscribed")")) {
    if (++confirmed_ == topics_.size()) crowd_.ready();
    return;
  }
  if (listens_ && confirmed_ == topics_.size()) crowd_.note(text);
}

void subscriber::closed(const error_code& why) {
  if (why != asio::error::operation_aborted) crowd_.lost(why);
}

bool read_arguments(int argc, char** argv, plan& into) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--compression") {
      into.compression = true;
      continue;
    }
    if (++i == argc) return false;
    const auto number = std::strtoull(argv[i], nullptr, 10);
    if (name == "--port")
      into.port = static_cast<std::uint16_t>(number);
    else if (name == "--idle")
      into.idle = number;
    else if (name == "--listeners")
      into.listeners = number;
    else if (name == "--topics")
      into.topics = argv[i];
    else if (name == "--heard")
      into.heard = argv[i];
    else
      return false;
  }
  return into.port != 0;
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  plan what;
  if (!read_arguments(argc, argv, what)) {
    std::cerr
        << "usage: subscribers --port PORT [--idle N] [--listeners N --topics FILE --heard FILE] [--compression]\n";
    return 2;
  }
  raise_file_limit();
  return crowd{what}.run();
}
