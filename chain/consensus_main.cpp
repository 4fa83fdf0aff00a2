// SPDX-License-Identifier: MIT
#include "chain/consensus_main.hpp"

#include <algorithm>
#include <iterator>

#include "chain/json.hpp"

namespace quorate::chain {

namespace {

struct function_text {
  std::string_view signature;
  std::string_view mutability = "nonpayable";
  std::string_view outputs = "()";
};

constexpr std::string_view add_transaction_text =
    "addTransaction(address _sender, address _recipient, uint256 _numOfInitialValidators, uint256 _maxRotations, "
    "bytes _txData)";
constexpr std::string_view submit_appeal_text = "submitAppeal(bytes32 _txId)";
constexpr std::string_view new_transaction_text =
    "NewTransaction(bytes32 indexed txId, address indexed recipient, address indexed activator)";

constexpr function_text default_functions[] = {
    {"DEFAULT_ADMIN_ROLE()", "view", "(bytes32)"},
    {"acceptOwnership()"},
    {"activateTransaction(bytes32 _txId, bytes _vrfProof)"},
    {add_transaction_text},
    {"cancelTransaction(bytes32 _txId)"},
    {"commitTribunalAppealVote(bytes32 _txId, bytes32 _commitHash)"},
    {"commitVote(bytes32 _txId, bytes32 _commitHash)"},
    {"contracts()", "view"},
    {"executeMessage(address _recipient, uint256 _value, bytes _data)"},
    {"finalizeTransaction(bytes32 _txId)"},
    {"getContracts()", "view"},
    {"getRoleAdmin(bytes32 role)", "view", "(bytes32)"},
    {"ghostContracts(address addr)", "view"},
    {"grantRole(bytes32 role, address account)"},
    {"hasRole(bytes32 role, address account)", "view", "(bool)"},
    {"initialize()"},
    {"owner()", "view", "(address)"},
    {"pendingOwner()", "view", "(address)"},
    {"proposeReceipt(bytes32 _txId, bytes _txReceipt, uint256 _processingBlock, (uint8,address,uint256,bytes,bool)[] "
     "_messages, bytes _vrfProof)"},
    {"renounceOwnership()"},
    {"renounceRole(bytes32 role, address callerConfirmation)"},
    {"revealTribunalAppealVote(bytes32 _txId, bytes32 _voteHash, uint8 _voteType, uint256 _nonce)"},
    {"revealVote(bytes32 _txId, bytes32 _voteHash, uint8 _voteType, uint256 _nonce)"},
    {"revokeRole(bytes32 role, address account)"},
    {"setExternalContracts(address _ghostFactory, address _genManager, address _genTransactions, address _genQueue, "
     "address _genStaking, address _genMessages, address _idleness, address _tribunalAppeal)"},
    {submit_appeal_text, "payable"},
    {"submitSlashAppeal(bytes32 _txId)"},
    {"supportsInterface(bytes4 interfaceId)", "view", "(bool)"},
    {"transferOwnership(address newOwner)"},
};

constexpr std::string_view default_events[] = {
    "AppealStarted(bytes32 indexed txId, address indexed appealer, uint256 appealBond, address[] appealValidators)",
    "ExternalContractsSet(address ghostFactory, address genManager, address genTransactions, address genQueue, "
    "address genStaking, address genMessages, address idleness, address tribunalAppeal)",
    "Initialized(uint64 version)",
    "InternalMessageProcessed(bytes32 indexed txId, address indexed recipient, address indexed activator)",
    new_transaction_text,
    "OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)",
    "OwnershipTransferred(address indexed previousOwner, address indexed newOwner)",
    "RoleAdminChanged(bytes32 indexed role, bytes32 indexed previousAdminRole, bytes32 indexed newAdminRole)",
    "RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)",
    "RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender)",
    "SlashAppealSubmitted(bytes32 indexed txId, address indexed sender)",
    "TransactionAccepted(bytes32 indexed tx_id)",
    "TransactionActivated(bytes32 indexed txId, address indexed leader)",
    "TransactionCancelled(bytes32 indexed txId, address indexed sender)",
    "TransactionFinalized(bytes32 indexed tx_id)",
    "TransactionIdleValidatorReplaced(bytes32 indexed txId, address indexed oldValidator, address indexed "
    "newValidator)",
    "TransactionIdleValidatorReplacementFailed(bytes32 indexed txId, uint256 indexed validatorIndex)",
    "TransactionLeaderRotated(bytes32 indexed txId, address indexed newLeader)",
    "TransactionLeaderTimeout(bytes32 indexed tx_id)",
    "TransactionNeedsRecomputation(bytes32[] tx_ids)",
    "TransactionReceiptProposed(bytes32 indexed tx_id, address[] validators)",
    "TransactionUndetermined(bytes32 indexed tx_id)",
    "TribunalAppealVoteCommitted(bytes32 indexed txId, address indexed validator, bool isLastVote)",
    "TribunalAppealVoteRevealed(bytes32 indexed txId, address indexed validator, bool isLastVote)",
    "VoteCommitted(bytes32 indexed txId, address indexed validator, bool isLastVote)",
    "VoteRevealed(bytes32 indexed txId, address indexed validator, uint8 voteType, bool isLastVote, uint8 result)",
};

/// genlayer-js's second try; taking it for a transfer would lose the call.
constexpr std::string_view six_arguments_text = "addTransaction(address,address,uint256,uint256,bytes,uint256)";

constexpr std::string_view rollup_functions[] = {
    "emitTransactionActivated(bytes32 txId, address leader, address[] validators)",
    "emitTransactionReceiptProposed(bytes32 txId)",
    "emitTransactionLeaderTimeout(bytes32 txId)",
    "emitTransactionLeaderRotated(bytes32 txId, address newLeader)",
    "emitVoteCommitted(bytes32 txId, address validator, bool isLastVote)",
    "emitVoteRevealed(bytes32 txId, address validator, uint8 voteType, bool isLastVote, uint8 result)",
    "emitTransactionAccepted(bytes32 txId, (address sender, address recipient, bytes data)[] messages)",
    "emitTransactionFinalized(bytes32 txId, (address sender, address recipient, bytes data)[] messages)",
    "emitAppealStarted(bytes32 txId, address appealer, uint256 appealBond, address[] appealValidators)",
};

abi_signature signature_of(std::string_view text) { return parse_abi_signature(text).value(); }

json parameter_json(const abi_type& type) {
  json out{{"name", type.name}};
  const abi_type* innermost = &type;
  std::string brackets;
  for (; innermost->kind == abi_kind::array; innermost = &innermost->parts[0]) {
    brackets.insert(0, innermost->size == 0 ? "[]" : "[" + std::to_string(innermost->size) + "]");
  }
  if (innermost->kind == abi_kind::tuple) {
    out["type"] = "tuple" + brackets;
    out["components"] = json::array();
    for (const auto& part : innermost->parts) out["components"].push_back(parameter_json(part));
  } else {
    out["type"] = type.text();
  }
  out["internalType"] = out["type"];
  return out;
}

json parameters_json(const std::vector<abi_type>& types, bool of_an_event) {
  json out = json::array();
  for (const auto& type : types) {
    out.push_back(parameter_json(type));
    if (of_an_event) out.back()["indexed"] = type.indexed;
  }
  return out;
}

std::string write_abi() {
  json out = json::array();
  for (const auto& function : default_functions) {
    const abi_signature signature = signature_of(function.signature);
    const abi_signature results = signature_of("results" + std::string{function.outputs});
    out.push_back({{"type", "function"},
                   {"name", signature.name},
                   {"inputs", parameters_json(signature.inputs.parts, false)},
                   {"outputs", parameters_json(results.inputs.parts, false)},
                   {"stateMutability", function.mutability}});
  }
  for (const auto text : default_events) {
    const abi_signature signature = signature_of(text);
    out.push_back({{"type", "event"},
                   {"name", signature.name},
                   {"inputs", parameters_json(signature.inputs.parts, true)},
                   {"anonymous", false}});
  }
  return dump_json(out);
}

struct unhandled {
  selector4 selector;
  std::string text;
};

std::vector<unhandled> list_unhandled() {
  std::vector<unhandled> out;
  const auto add = [&](std::string_view text) {
    const abi_signature signature = signature_of(text);
    out.push_back({signature.selector(), signature.text()});
  };
  for (const auto& function : default_functions) {
    if (function.signature != add_transaction_text && function.signature != submit_appeal_text) add(function.signature);
  }
  add(six_arguments_text);
  return out;
}

}  // namespace

const consensus_calls& known_calls() {
  static const consensus_calls calls = [] {
    const std::string fees =
        "(uint256 leaderTimeunitsAllocation, uint256 validatorTimeunitsAllocation, uint256 appealRounds, "
        "uint256 executionBudgetPerRound, uint256 executionConsumed, uint256 totalMessageFees, uint256[] rotations, "
        "uint256 maxPriceGenPerTimeUnit, uint256 storageFeeMaxGasPrice, uint256 receiptFeeMaxGasPrice)";
    const std::string tuple =
        "((address sender, address recipient, uint256 numOfInitialValidators, uint256 maxRotations, "
        "uint256 validUntil, uint256 saltNonce, uint256 userValue, " +
        fees +
        " feesDistribution, bytes txCalldata, (uint8 messageType, bool onAcceptance, uint256 parentIndex, "
        "address recipient, bytes32 callKey, uint256 budget, bytes feeParams)[] messageAllocations) _params)";
    return consensus_calls{
        .add_transaction = signature_of(add_transaction_text),
        .add_transaction_with_fees = signature_of("addTransaction" + tuple),
        .deploy_salted = signature_of("deploySalted" + tuple),
        .submit_appeal = signature_of(submit_appeal_text),
        .top_up_fees = signature_of("topUpFees(bytes32 _txId, " + fees + " _feesDistribution)"),
        .top_up_and_submit_appeal = signature_of("topUpAndSubmitAppeal(bytes32 _txId, " + fees + " _feesDistribution)"),
    };
  }();
  return calls;
}

std::string_view unhandled_call(const selector4& selector) {
  static const std::vector<unhandled> all = list_unhandled();
  const auto found = std::find_if(all.begin(), all.end(), [&](const unhandled& u) { return u.selector == selector; });
  return found == all.end() ? std::string_view{} : std::string_view{found->text};
}

const std::string& consensus_main_abi() {
  static const std::string text = write_abi();
  return text;
}

const abi_signature* rollup_function(std::string_view name) {
  static const std::vector<abi_signature> all = [] {
    std::vector<abi_signature> out;
    std::transform(std::begin(rollup_functions), std::end(rollup_functions), std::back_inserter(out), signature_of);
    return out;
  }();
  const auto found = std::find_if(all.begin(), all.end(), [&](const abi_signature& s) { return s.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const hash256& new_transaction_topic() {
  static const hash256 topic = signature_of(new_transaction_text).topic();
  return topic;
}

}  // namespace quorate::chain
