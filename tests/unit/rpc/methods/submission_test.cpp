// SPDX-License-Identifier: MIT
#include "chain/abi.hpp"
#include "chain/address.hpp"
#include "chain/base64.hpp"
#include "chain/consensus_main.hpp"
#include "chain/payload.hpp"
#include "chain/personal_message.hpp"
#include "chain/rollup.hpp"
#include "chain/signed_transaction.hpp"
#include "tests/unit/rpc/methods/on_postgres.hpp"

/// Signed transactions from their bytes to the rows, the money and the refusals.
namespace quorate::rpc::methods::tests {
namespace {

using chain::abi_value;
using chain::integer;

const chain::private_key key = chain::parse_private_key(std::string(63, '0') + "7").value();
const chain::address20 me = chain::address_of(key).value();
const std::string my_address = chain::address_text(me).value();

class submission : public methods_on_postgres<submission> {
 public:
  static constexpr auto name = "submission";

 protected:
  std::string sign(const chain::bytes& data, const integer& value = 0, const integer& nonce = 0) const {
    chain::transaction_fields fields;
    fields.chain_id = 61999;
    fields.nonce = nonce;
    fields.to = chain::address20{};
    fields.value = value;
    fields.data = data;
    return chain::to_hex_0x(chain::sign_transaction(fields, key).value());
  }
  std::string add(const chain::address20& recipient, const chain::bytes& payload, const integer& value = 0,
                  const integer& nonce = 0) const {
    return sign(
        chain::encode_abi_call(chain::known_calls().add_transaction,
                               {abi_value{chain::bytes_view{me}}, abi_value{chain::bytes_view{recipient}},
                                abi_value{integer{5}}, abi_value{integer{3}}, abi_value{chain::bytes_view{payload}}})
            .value(),
        value, nonce);
  }
  std::string deploy(const integer& value = 0, const integer& nonce = 0) const {
    return add({}, chain::encode_deploy_payload(chain::as_bytes("code"), chain::as_bytes("\x06"), false), value, nonce);
  }
  json stored(const json& hash) { return answer("eth_getTransactionByHash", {hash}); }
  std::string balance(const std::string& address) { return answer("eth_getBalance", {address}).get<std::string>(); }
  error refusal(const std::string& method, std::vector<json> params, bool trusted = true) {
    const auto value = call(method, std::move(params), {}, trusted);
    if (value) ADD_FAILURE() << *value;
    return value ? error{} : value.error();
  }
};

TEST_F(submission, a_transfer_is_stored_pending_and_wakes_the_loops) {
  const auto hash = answer("eth_sendRawTransaction", {sign({}, 7, 4)});
  const auto row = stored(hash);
  EXPECT_EQ(row.at("status"), "PENDING");
  EXPECT_EQ(row.at("type"), 0);
  EXPECT_EQ(row.at("from_address"), my_address);
  EXPECT_EQ(row.at("value"), 7);
  EXPECT_EQ(row.at("nonce"), 4);
  EXPECT_EQ(row.at("data"), json::object());
  EXPECT_EQ(row.at("sim_config"), json::object()) << "Q4";
  EXPECT_EQ(wakes, 1);
}

TEST_F(submission, a_deploy_pays_at_once_and_has_one_address_however_often_it_is_sent) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + my_address + "', '{}', 10)");
  const json config{{"genvm_datetime", "2026-01-01T00:00:00Z"}};
  const auto hash = answer("eth_sendRawTransaction", {deploy(4), config});
  const auto row = stored(hash);
  EXPECT_EQ(row.at("type"), 1);
  EXPECT_EQ(row.at("data").at("contract_code"), chain::to_base64(chain::as_bytes("code")));
  EXPECT_EQ(row.at("data").at("contract_address"), row.at("to_address"));
  EXPECT_EQ(row.at("sim_config"), config);
  EXPECT_EQ(row.at("num_of_initial_validators"), 5);
  EXPECT_EQ(row.at("config_rotation_rounds"), 3);
  EXPECT_EQ(balance(my_address), "0x6");
  EXPECT_EQ(answer("eth_sendRawTransaction", {deploy(4)}), hash);
  EXPECT_EQ(balance(my_address), "0x6");
  EXPECT_EQ(answer("eth_getTransactionCount", {my_address}), "0x1");
}

TEST_F(submission, a_call_is_stored_for_an_account_that_is_there) {
  const auto contract = chain::from_hex("0x" + std::string(40, '1')).value();
  chain::address20 to;
  std::copy(contract.begin(), contract.end(), to.begin());
  const auto raw = add(to, chain::encode_run_payload(chain::as_bytes("\x06"), true));
  const auto refused = refusal("eth_sendRawTransaction", {raw});
  EXPECT_EQ(refused.code, errc::not_found);
  EXPECT_EQ(refused.message, "Contract not found");
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + chain::address_text(to).value() + "', '{}', 0)");
  const auto row = stored(answer("eth_sendRawTransaction", {raw}));
  EXPECT_EQ(row.at("type"), 2);
  EXPECT_EQ(row.at("leader_only"), true);
  EXPECT_EQ(row.at("execution_mode"), "LEADER_ONLY");
}

TEST_F(submission, full_queues_say_whose_and_how_full) {
  with.submissions.caps = {.per_contract = 0, .per_sender = 2};
  table = make_method_table(with);
  for (int nonce = 0; nonce < 2; ++nonce) answer("eth_sendRawTransaction", {deploy(0, nonce)});
  const auto full = refusal("eth_sendRawTransaction", {deploy(0, 2)});
  EXPECT_EQ(full.code, errc::queue_full);
  EXPECT_EQ(chain::parse_json(full.data).value(),
            (json{{"scope", "sender"}, {"address", my_address}, {"pending", 2}, {"limit", 2}}));
  EXPECT_NE(full.message.find("has 2 pending transactions (limit: 2)"), std::string::npos);
  answer("eth_sendRawTransaction", {sign({}, 1, 9)});  // transfers are not held back
  answer("eth_sendRawTransaction", {deploy(0, 1)});    // nor what is there already
}

TEST_F(submission, what_cannot_be_decoded_is_refused_before_the_database_is_asked) {
  for (const std::string bad : {"", "0x", "zz", "0x02", "0xc0"}) {
    EXPECT_EQ(refusal("eth_sendRawTransaction", {bad}).code, errc::invalid_params) << bad;
  }
  EXPECT_TRUE(pool.labels.empty());
}

TEST_F(submission, cancelling_wants_trust_or_the_senders_signature) {
  sql("INSERT INTO current_state (id, data, balance) VALUES ('" + my_address + "', '{}', 10)");
  const auto hash = answer("eth_sendRawTransaction", {deploy(4)}).get<std::string>();
  const auto id = chain::from_hex(hash).value();
  chain::hash256 transaction;
  std::copy(id.begin(), id.end(), transaction.begin());
  const auto message = chain::cancel_message(transaction);
  const auto other = chain::parse_private_key(std::string(63, '0') + "8").value();
  for (const json& signature :
       {json(nullptr), json("0x12"), json(chain::sign_personal_message(message, other).value())}) {
    const auto refused = refusal("sim_cancelTransaction", {hash, signature}, false);
    EXPECT_EQ(refused.message, "Cancel requires admin key or sender signature");
    EXPECT_EQ(refused.code, errc::application);
  }
  EXPECT_EQ(refusal("sim_cancelTransaction", {some_hash, nullptr}, false).code, errc::not_found);
  EXPECT_EQ(balance(my_address), "0x6");
  const auto done =
      call("sim_cancelTransaction", {hash, chain::sign_personal_message(message, key).value()}, {}, false);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(chain::parse_json(*done).value(), (json{{"transaction_hash", hash}, {"status", "CANCELED"}}));
  EXPECT_EQ(balance(my_address), "0xa");
  const auto again = refusal("sim_cancelTransaction", {hash});
  EXPECT_EQ(chain::parse_json(again.data).value(), (json{{"transaction_hash", hash}, {"status", "CANCELED"}}));
}

/// The row of the outbox as text: state, then the call in hex.
class forwarding : public submission {
 protected:
  void SetUp() override {
    submission::SetUp();
    sql("TRUNCATE quorate.forwards");
    with.submissions.forward = true;
    with.wake_forwarder = [this] { ++forwarder_wakes; };
    with.await_forward = [this](const std::string& hash, actors::time_point, std::function<void()> then) {
      awaited.push_back(hash);
      if (recorded_at_once) then();
    };
    table = make_method_table(with);
  }
  std::string outbox(const std::string& hash) {
    return quorate::tests::postgres_server::shared().value(
        "SELECT coalesce((SELECT state || ' ' || encode(call, 'hex') FROM quorate.forwards WHERE hash = '" + hash +
            "'), 'none')",
        name);
  }
  int forwarder_wakes = 0;
  bool recorded_at_once = false;
  std::vector<std::string> awaited;
};

TEST_F(forwarding, a_deploy_goes_to_the_outbox_as_it_was_called_with_its_id_and_address) {
  const auto payload = chain::encode_deploy_payload(chain::as_bytes("code"), chain::as_bytes("\x06"), false);
  const auto hash = answer("eth_sendRawTransaction", {deploy(0)}).get<std::string>();
  const auto contract = chain::parse_address(stored(hash).at("to_address").get<std::string>()).value();
  const auto expected = chain::encode_announced_transaction(
      {.sender = me, .num_of_initial_validators = 5, .max_rotations = 3, .payload = payload},
      chain::parse_hash(hash).value(), contract);
  EXPECT_EQ(outbox(hash), "waiting " + chain::to_hex(expected.value()));
  EXPECT_EQ(forwarder_wakes, 1);
  EXPECT_TRUE(awaited.empty());
}

TEST_F(forwarding, transfers_and_appeals_are_nobodys_business_on_the_rollup) {
  const auto hash = answer("eth_sendRawTransaction", {sign({}, 7, 4)}).get<std::string>();
  EXPECT_EQ(outbox(hash), "none");
  EXPECT_EQ(forwarder_wakes, 0);
}

TEST_F(forwarding, a_reply_may_wait_for_the_record_and_comes_without_it_when_its_patience_ends) {
  with.submissions.forward_wait = std::chrono::milliseconds{100};
  table = make_method_table(with);
  const auto patient = answer("eth_sendRawTransaction", {deploy(0, 1)});
  recorded_at_once = true;
  const auto recorded = answer("eth_sendRawTransaction", {deploy(0, 2)});
  EXPECT_EQ(awaited, (std::vector<std::string>{patient, recorded}));
  EXPECT_EQ(forwarder_wakes, 2);
  EXPECT_EQ(wakes, 0) << "a deploy is no work for the loops";
  const auto refused =
      refusal("eth_sendRawTransaction", {add(chain::address20{1}, chain::encode_run_payload({}, false))});
  EXPECT_EQ(refused.code, errc::not_found);
}

TEST_F(submission, the_consensus_contract_is_described) {
  const auto main = answer("sim_getConsensusContract", {"ConsensusMain"});
  EXPECT_EQ(main.at("address"), "0x0000000000000000000000000000000000000000");
  EXPECT_GT(main.at("abi").size(), 10u);
  EXPECT_TRUE(main.at("bytecode").is_null());
  EXPECT_EQ(refusal("sim_getConsensusContract", {"Other"}).code, errc::not_found);
}

}  // namespace
}  // namespace quorate::rpc::methods::tests
