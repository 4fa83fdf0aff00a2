// SPDX-License-Identifier: MIT
#include "engine/host/detail/attempt.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "engine/host/request_body.hpp"
#include "engine/host/result_blob.hpp"

namespace quorate::engine::host {

namespace {

using boost::beast::http::verb;

/// What a path of a socket may have, without the zero behind it.
constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;
/// Between looks for the result of an engine that says goodbye before it has one.
constexpr std::chrono::milliseconds collect_pause{20};

/// A number or a short word: it becomes part of a request's target.
std::optional<std::string> run_id_in(const chain::json& body) {
  constexpr std::size_t longest = 128;
  const auto id = body.is_object() ? body.find("id") : body.end();
  if (!body.is_object() || id == body.end()) return std::nullopt;
  if (id->is_number_integer()) return chain::dump_json(*id);
  if (!id->is_string()) return std::nullopt;
  auto out = id->get<std::string>();
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  };
  if (out.empty() || out.size() > longest || !std::ranges::all_of(out, is_plain)) return std::nullopt;
  return out;
}

/// Null of a run that goes on.
result<chain::json> status_in(const chain::json& body) {
  const auto status = body.is_object() ? body.find("status") : body.end();
  if (!body.is_object() || status == body.end()) return fail(errc::internal, "The engine's answer has no status");
  return *status;
}

}  // namespace

attempt::attempt(boost::asio::io_context& io, manager_client& manager, const executor_settings& settings,
                 const run_request& request, std::shared_ptr<account_source> accounts, std::string socket_path,
                 on_outcome done)
    : io_{io},
      manager_{manager},
      settings_{settings},
      request_{request},
      accounts_{std::move(accounts)},
      socket_path_{std::move(socket_path)},
      done_{std::move(done)},
      acceptor_{io},
      engine_{io},
      timer_{io} {}

attempt::~attempt() { ::unlink(socket_path_.c_str()); }

void attempt::start() {
  if (!listen()) return fail_with("the socket for the engine cannot be made: " + socket_path_);
  accept();
  post(0);
}

bool attempt::listen() {
  if (socket_path_.size() > longest_socket_path) return false;
  boost::system::error_code failed;
  const boost::asio::local::stream_protocol::endpoint where{socket_path_};
  ::unlink(socket_path_.c_str());
  acceptor_.open(where.protocol(), failed);
  if (!failed) acceptor_.bind(where, failed);
  // Before anybody can connect: accounts are for the engine alone.
  if (failed || ::chmod(socket_path_.c_str(), S_IRUSR | S_IWUSR) != 0) return false;
  acceptor_.listen(1, failed);
  return !failed;
}

void attempt::post(std::size_t tries) {
  auto body = encode_request(request_, socket_path_);
  if (!body) return end(internal_error(body.error().message));
  is_posting_ = true;
  manager_.ask(verb::post, "/genvm/run", std::move(*body), settings_.run_timeout,
               [self = shared_from_this(), tries](result<manager_response> response) {
                 self->is_posting_ = false;
                 if (response) return self->started(*response);
                 if (!self->done_) return;
                 if (self->is_expiring_ || tries + 1 >= self->settings_.run_retries)
                   return self->fail_with(response.error());
                 self->timer_.expires_after(self->settings_.run_retry_delay * (1 << tries));
                 self->timer_.async_wait([self, tries](const auto& cancelled) {
                   if (!cancelled && self->done_) self->post(tries + 1);
                 });
               });
}

void attempt::started(const manager_response& response) {
  const auto body = json_in(response);
  if (!body) return fail_with(body.error());
  const auto id = run_id_in(*body);
  if (!id) return fail_with("the engine gave no id");
  id_ = *id;
  // Nobody waits for it any more, and nobody else knows of it.
  if (!done_) return remove_run();
  if (is_expiring_) return look_a_last_time(false);
  if (is_over_) return collect();
  if (!is_connected_) wait_for_its_connection();
}

void attempt::wait_for_its_connection() {
  timer_.expires_after(settings_.connect_grace);
  timer_.async_wait([self = shared_from_this()](const auto& cancelled) {
    if (!cancelled && !self->is_connected_ && self->done_) self->look_whether_it_lives();
  });
}

/// What the manager says of the run: null while it runs. Not heard once the attempt is over.
void attempt::ask_status(std::function<void(result<chain::json>)> use) {
  manager_.ask(verb::get, run_target(), {}, settings_.status_timeout,
               [self = shared_from_this(), use = std::move(use)](result<manager_response> response) {
                 if (self->done_) use(std::move(response).and_then(json_in).and_then(status_in));
               });
}

void attempt::look_whether_it_lives() {
  ask_status([this](const result<chain::json>& status) {
    if (is_connected_) return;
    if (!status) return fail_with("the engine is gone");
    if (!status->is_null()) return fail_with("the engine died without connecting: " + chain::dump_json(*status));
    wait_for_its_connection();
  });
}

void attempt::accept() {
  acceptor_.async_accept(engine_, [self = shared_from_this()](const auto& failed) {
    if (failed || !self->done_) return;
    self->is_connected_ = true;
    self->timer_.cancel();
    boost::system::error_code ignored;
    self->acceptor_.close(ignored);
    ::unlink(self->socket_path_.c_str());
    self->read_some();
  });
}

void attempt::read_some() {
  engine_.async_read_some(boost::asio::buffer(buffer_),
                          [self = shared_from_this()](const auto& failed, std::size_t count) {
                            if (!self->done_) return;
                            if (failed) return self->hang_up();
                            self->reader_.take({self->buffer_.data(), count});
                            self->answer_next();
                          });
}

/// One after the other: answers keep the order of the questions.
void attempt::answer_next() {
  while (true) {
    const auto request = reader_.next();
    if (!request) return fail_with(request.error());
    if (!*request) return read_some();
    if (answer(**request)) return;
  }
}

/// Whether there is an answer, after which the next question has its turn.
bool attempt::answer(const host_request& request) {
  if (const auto* read = std::get_if<storage_read>(&request)) {
    with_account(read->account, [this, wanted = *read](const account_view& view) {
      chain::bytes content(wanted.size);
      const auto& state = wanted.mode == storage_mode::latest_final ? view.finalized : view.accepted;
      state.read(wanted.slot, wanted.offset, content);
      reply(storage_answer(std::move(content)));
    });
    return true;
  }
  if (const auto* balance = std::get_if<balance_read>(&request)) {
    with_account(balance->account, [this](const account_view& view) { reply(balance_answer(view.balance)); });
    return true;
  }
  if (const auto* disagreement = std::get_if<nondet_disagreement>(&request)) {
    if (!disagreement_) disagreement_ = disagreement->call;
    return false;
  }
  if (std::holds_alternative<fuel_used>(request)) return false;
  if (std::holds_alternative<run_finished>(request)) {
    reply(farewell(), true);
  } else {
    reply(std::holds_alternative<fuel_left>(request) ? fuel_answer() : refused_answer());
  }
  return true;
}

void attempt::with_account(const chain::address20& address, const on_view& use) {
  if (const auto found = seen_.find(address); found != seen_.end()) return use(*found->second);
  accounts_->fetch(address, [self = shared_from_this(), address, use](result<account_view_ptr> view) {
    boost::asio::post(self->io_, [self, address, use, view = std::move(view)] {
      if (!self->done_) return;
      if (!view)
        return self->fail_with("an account cannot be read: " + view.error().message + " " + view.error().detail);
      self->seen_.emplace(address, *view);
      use(**view);
    });
  });
}

void attempt::reply(chain::bytes answer, bool last) {
  unsent_ = std::move(answer);
  boost::asio::async_write(engine_, boost::asio::buffer(unsent_),
                           [self = shared_from_this(), last](const auto& failed, std::size_t) {
                             if (!self->done_) return;
                             if (failed || last) return self->hang_up();
                             self->answer_next();
                           });
}

/// An end without a goodbye may be a run that was killed; its result tells.
void attempt::hang_up() {
  boost::system::error_code ignored;
  engine_.close(ignored);
  if (!std::exchange(is_over_, true) && !id_.empty()) collect();
}

void attempt::collect() {
  ask_status([this](const result<chain::json>& status) {
    if (!status) return fail_with(status.error());
    collected(*status);
  });
}

void attempt::collected(const chain::json& status) {
  if (!status.is_null()) {
    auto decoded = decode_status(status);
    if (!decoded) return fail_with(decoded.error());
    if (!decoded->disagreement) decoded->disagreement = disagreement_;
    return end(std::move(*decoded));
  }
  timer_.expires_after(collect_pause);
  timer_.async_wait([self = shared_from_this()](const auto& cancelled) {
    if (!cancelled && self->done_) self->collect();
  });
}

void attempt::fail_with(std::string detail) { end(fail(errc::internal, "The engine failed", {}, std::move(detail))); }

void attempt::fail_with(const error& why) { fail_with(why.message + ": " + why.detail); }

void attempt::end(result<run_result> outcome) {
  auto done = std::exchange(done_, nullptr);
  if (!done) return;
  remove_run();
  done(std::move(outcome));
}

void attempt::remove_run() {
  boost::system::error_code ignored;
  timer_.cancel();
  acceptor_.close(ignored);
  engine_.close(ignored);
  if (!id_.empty()) ask_to_remove([] {});
}

void attempt::ask_to_remove(std::function<void()> then) {
  manager_.ask(verb::delete_, run_target() + "?wait_timeout_ms=20", {}, settings_.delete_timeout,
               [then = std::move(then)](const auto&) { then(); });
}

bool attempt::expire() {
  if (!done_) return false;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  engine_.close(ignored);
  is_over_ = is_expiring_ = true;
  // Between two requests to start it, nothing is on its way.
  if (id_.empty() && !is_posting_) {
    fail_with("the engine did not start the run in time");
    return true;
  }
  // For all of it: whoever waits has waited long enough.
  timer_.expires_after(settings_.delete_timeout);
  timer_.async_wait([self = shared_from_this()](const auto& cancelled) {
    if (!cancelled) self->fail_with("the engine does not say what the run left");
  });
  if (!id_.empty()) look_a_last_time(false);
  return true;
}

/// A run may have ended at the last moment; an engine may tell what a run printed only once it is stopped.
void attempt::look_a_last_time(bool is_stopped) {
  ask_status([this, is_stopped](const result<chain::json>& status) {
    if (status && !status->is_null()) return collected(*status);
    if (is_stopped) return fail_with("the run was stopped");
    ask_to_remove([self = shared_from_this()] {
      if (self->done_) self->look_a_last_time(true);
    });
  });
}

void attempt::stop() {
  if (!std::exchange(done_, nullptr)) return;
  remove_run();
}

}  // namespace quorate::engine::host
