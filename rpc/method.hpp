// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "actors/events.hpp"
#include "actors/reads.hpp"
#include "actors/request.hpp"
#include "chain/json.hpp"
#include "db/transaction.hpp"

/// The method table: adding a JSON-RPC method is one entry. From the same entry come parameter checking, the gate,
/// logging, rpc_modules, OpenRPC and docs/methods.md.
namespace quorate::rpc {

using chain::json;
/// JSON text: what a handler answers with; it goes into the envelope as it is.
using json_text = std::string;

/// The subscriptions of one socket, as eth_subscribe sees them. Thread-safe.
class subscriber {
 public:
  virtual ~subscriber() = default;
  /// The name of a new subscription. It begins when the answer that tells its name is on its way.
  virtual result<std::string> subscribe(actors::feed of, actors::log_filter filter) = 0;
  virtual bool unsubscribe(const std::string& id) = 0;
};

/// Who calls, as the HTTP layer saw it.
struct caller {
  std::string address;                           // peer IP (after trusted proxies)
  std::string session_id;                        // X-Session-Id
  std::string admin_key;                         // X-Admin-Key
  std::string request_id;                        // for logs and data.request_id
  std::shared_ptr<subscriber> socket = nullptr;  // of a call that came over a WebSocket
};

/// Checked before any work (decisions.md Q2): -32602 names the parameter.
enum class param_type {
  any,
  address,  // 20 bytes hex in any letter case, no checksum is asked for; handed on in EIP-55 form (Q18)
  hash,     // 0x + 64 hex; handed on in lower case
  string,
  integer,  // JSON whole number that fits int64
  amount,   // wei: whole JSON number of any size (1e+21 too), decimal string or 0x hex; handed on as a decimal string
  boolean,
  object,
  array,
  strings,  // array of strings
  block,    // latest, earliest, pending, safe, finalized, or a hex number
};

struct param {
  std::string name = {};
  param_type type = param_type::any;
  bool required = true;
  json fallback = nullptr;  // value of an omitted optional parameter
  std::string help = {};
  /// The message for a value of the wrong type, up to the value itself, where clients know other words than the type's.
  std::string refusal = {};
};

/// A call whose parameters are bound and checked: one value per declared parameter, in order.
struct call {
  const caller& who;
  std::vector<json> params;
  actors::time_point deadline;
  bool trusted = true;  // with gate::admin_or_signature: whether the admin gate is open to the caller
};

/// Open to all, or section 6 of docs/spec/json-rpc.md: refused without the admin key when one is set, or when hosted.
enum class gate {
  open,
  admin,
  hosted_only,         // open unless hosted (Q32)
  admin_or_signature,  // the method looks for a signature when the call is not trusted
};
enum class log_level { debug, info };

/// Answered on the spot, on the io thread: no I/O, no waiting.
struct immediate {
  std::function<result<json_text>(const call&)> answer;
};
/// A single-row read by key, answered by the read gateway without an actor of its own; only a large row
/// (db::is_large) is rendered in one.
struct keyed_read {
  db::read_kind kind;
  std::function<result<std::string>(const call&)> key;
  std::function<result<json_text>(const call&, const db::read_value&)> render;
};
/// A unit of work and what makes JSON text of its rows. The text is made in the request actor, when the connection has
/// gone back: nobody waits for a lease while somebody else's rows are put into words.
class work {
 public:
  work() = default;  // result<work> wants one; it is never started
  /// For a value whose text costs nothing, made on the way.
  work(db::unit_of_work<json_text> text);  // NOLINT(google-explicit-constructor): most methods are this
  template <class Rows>
  static work rows(db::unit_of_work<Rows> read, std::function<json_text(const Rows&)> format) {
    return work{[read = std::move(read), format = std::move(format)](db::access access, auto& context) {
      context.template run<Rows>(access, read, [&context, format](const result<Rows>& rows) {
        context.reply(rows.map([&](const Rows& found) { return format(found); }));
      });
    }};
  }
  /// The answer is there without the database: no lease is taken.
  static work known(json_text answer);

  /// Runs in the request actor of the call, which is answered in the end.
  void start(db::access access, actors::request_context& context) const { start_(access, context); }

 private:
  using start_function = std::function<void(db::access, actors::request_context&)>;
  explicit work(start_function start) : start_{std::move(start)} {}
  start_function start_;
};
/// One unit of work in one lease.
struct unit {
  db::access access = db::access::read_only;
  std::function<result<work>(const call&)> prepare;
};
/// Several steps; the work between them holds no connection.
struct steps {
  std::function<void(const call&, actors::request_context&)> start;
};
using handler = std::variant<immediate, keyed_read, unit, steps>;

struct method {
  std::string name = {};
  std::string summary = {};
  std::vector<param> params = {};
  json result_schema = nullptr;  // JSON Schema of the result, for OpenRPC
  rpc::gate gate = gate::open;
  log_level level = log_level::debug;
  rpc::handler handler = {};
  bool ignore_extra_params = false;  // eth_* (Q37)
  /// How long a call may take, where that is another time than every call's.
  std::optional<std::chrono::milliseconds> patience = {};
};

class method_table {
 public:
  /// Throws std::logic_error on a second method of the same name: a programming error.
  void add(method m);
  const method* find(std::string_view name) const;
  const std::map<std::string, method, std::less<>>& all() const { return methods_; }

 private:
  std::map<std::string, method, std::less<>> methods_;
};

}  // namespace quorate::rpc
