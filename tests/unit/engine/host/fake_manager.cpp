// SPDX-License-Identifier: MIT
#include "tests/unit/engine/host/fake_manager.hpp"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace quorate::engine::host {

namespace {

sockaddr_un place_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  std::strncpy(out.sun_path, path.c_str(), sizeof(out.sun_path) - 1);
  return out;
}

int connect_to(const std::string& path) {
  const int out = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto place = place_of(path);
  if (::connect(out, reinterpret_cast<const sockaddr*>(&place), sizeof(place)) == 0) return out;
  ::close(out);
  return -1;
}

std::string between(const std::string& text, const std::string& start, char end) {
  const auto at = text.find(start);
  return at == std::string::npos ? "" : text.substr(at + start.size(), text.find(end, at) - at - start.size());
}

std::string socket_in(const std::string& body) {
  const auto request = chain::decode_calldata(chain::as_bytes(body));
  const auto* map = request ? std::get_if<chain::calldata_map>(&request->held) : nullptr;
  if (!map || !map->contains("host")) return {};
  return std::get<std::string>(map->at("host").held).substr(std::string{"unix://"}.size());
}

}  // namespace

test_folder::test_folder() {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error{"no folder for the test"};
}
test_folder::~test_folder() {
  std::error_code unseen;
  std::filesystem::remove_all(path_, unseen);
}

test_stream::~test_stream() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool test_stream::write(chain::bytes_view data) {
  while (!data.empty()) {
    const auto count = ::send(descriptor_, data.data(), data.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    data = data.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

chain::bytes test_stream::read(std::size_t count) {
  chain::bytes out(count);
  std::size_t got = 0;
  while (got < count) {
    const auto more = ::recv(descriptor_, out.data() + got, count - got, 0);
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  out.resize(got);
  return out;
}

fake_manager::fake_manager(script answers) : path_{folder_.path() + "/manager"}, answers_{std::move(answers)} {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto place = place_of(path_);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&place), sizeof(place)) != 0 || ::listen(listener_, 64) != 0)
    throw std::runtime_error{"the fake manager cannot listen"};
  thread_ = std::thread{[this] { serve(); }};
}

fake_manager::~fake_manager() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  finish_engines();
  ::close(listener_);
}

std::vector<std::string> fake_manager::heard() const {
  const std::scoped_lock lock{mutex_};
  return heard_;
}

std::size_t fake_manager::count(const std::string& what) const {
  const std::scoped_lock lock{mutex_};
  return count_locked(what);
}

std::size_t fake_manager::count_locked(const std::string& what) const {
  return static_cast<std::size_t>(std::ranges::count(heard_, what));
}

void fake_manager::await(const std::string& what, std::size_t count) const {
  std::unique_lock lock{mutex_};
  more_.wait(lock, [&] { return count_locked(what) >= count; });
}

void fake_manager::start_engine(std::string socket, engine_script says) {
  const std::scoped_lock lock{mutex_};
  engines_.emplace_back([socket = std::move(socket), says = std::move(says)] {
    test_stream stream{connect_to(socket)};
    if (stream.is_open()) says(stream);
  });
}

void fake_manager::finish_engines() {
  std::vector<std::thread> ending;
  {
    const std::scoped_lock lock{mutex_};
    ending.swap(engines_);
  }
  for (auto& engine : ending) engine.join();
}

void fake_manager::serve() {
  while (true) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    converse(descriptor);
  }
}

void fake_manager::converse(int descriptor) {
  test_stream stream{descriptor};
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    const auto next = stream.read(1);
    if (next.empty()) return;
    head.push_back(static_cast<char>(next[0]));
  }
  const auto length = between(head, "Content-Length: ", '\r');
  const auto body = stream.read(length.empty() ? 0 : std::stoul(length));
  const auto what = head.substr(0, head.find(" HTTP/"));
  {
    const std::scoped_lock lock{mutex_};
    heard_.push_back(what);
  }
  more_.notify_all();
  const auto said = answers_(what, socket_in({body.begin(), body.end()}));
  if (said.hangs_up) return;
  stream.write(chain::as_bytes("HTTP/1.1 " + std::to_string(said.status) +
                               " -\r\nConnection: close\r\nContent-Length: " + std::to_string(said.body.size()) +
                               "\r\n\r\n" + said.body));
}

}  // namespace quorate::engine::host
