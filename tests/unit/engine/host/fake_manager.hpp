// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/host/executor.hpp"

namespace quorate::engine::host {

/// A folder that is gone with the test.
class test_folder {
 public:
  test_folder();
  ~test_folder();
  test_folder(const test_folder&) = delete;
  test_folder& operator=(const test_folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/quorate-host-XXXXXX";
};

/// A socket of the tests' own, which blocks. Closed at the end.
class test_stream {
 public:
  explicit test_stream(int descriptor) : descriptor_{descriptor} {}
  ~test_stream();
  test_stream(const test_stream&) = delete;
  test_stream& operator=(const test_stream&) = delete;
  bool is_open() const { return descriptor_ >= 0; }
  bool write(chain::bytes_view data);
  /// Exactly so many bytes; fewer when the other side hung up.
  chain::bytes read(std::size_t count);

 private:
  int descriptor_;
};

/// The engine's side of a run's socket: a thread that connects and says its piece.
using engine_script = std::function<void(test_stream&)>;

/// An engine that answers as the test says. Every request has a connection of its own.
class fake_manager {
 public:
  struct answer {
    unsigned status = 200;
    std::string body = "{}";
    bool hangs_up = false;
  };
  /// `what` is method and target; for a run, `socket` is where the host listens.
  using script = std::function<answer(const std::string& what, const std::string& socket)>;

  explicit fake_manager(script answers);
  ~fake_manager();
  fake_manager(const fake_manager&) = delete;
  fake_manager& operator=(const fake_manager&) = delete;

  manager_address address() const { return {{}, 0, path_}; }
  /// Requests so far, in order.
  std::vector<std::string> heard() const;
  std::size_t count(const std::string& what) const;
  /// Until there were so many.
  void await(const std::string& what, std::size_t count) const;
  /// Until every engine has said all it wanted to.
  void finish_engines();
  void start_engine(std::string socket, engine_script says);

 private:
  void serve();
  void converse(int descriptor);
  std::size_t count_locked(const std::string& what) const;

  test_folder folder_;
  std::string path_;
  script answers_;
  int listener_ = -1;
  mutable std::mutex mutex_;
  mutable std::condition_variable more_;
  std::vector<std::string> heard_{};
  std::vector<std::thread> engines_{};
  std::thread thread_;
};

}  // namespace quorate::engine::host
