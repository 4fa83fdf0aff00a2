// SPDX-License-Identifier: MIT
pragma solidity 0.8.24;

/// The record of consensus on the rollup: Quorate says what happened, the contract keeps it as events. It decides
/// nothing, so whoever may send to the node may write; run it on a development chain only.
contract ConsensusMain {
    struct Message {
        address sender;
        address recipient;
        bytes data;
    }

    struct Entry {
        address sender;
        address recipient;
        uint64 numOfInitialValidators;
        uint64 maxRotations;
        bytes32 dataHash; // the data itself stays in the call that brought it
    }

    event NewTransaction(bytes32 indexed txId, address indexed recipient, address indexed activator);
    event InternalMessageProcessed(bytes32 indexed txId, address indexed recipient, address indexed activator);
    event TransactionActivated(bytes32 indexed txId, address indexed leader, address[] validators);
    event TransactionReceiptProposed(bytes32 indexed tx_id);
    event TransactionLeaderTimeout(bytes32 indexed tx_id);
    event TransactionLeaderRotated(bytes32 indexed txId, address indexed newLeader);
    event VoteCommitted(bytes32 indexed txId, address indexed validator, bool isLastVote);
    event VoteRevealed(
        bytes32 indexed txId, address indexed validator, uint8 voteType, bool isLastVote, uint8 result
    );
    event TransactionAccepted(bytes32 indexed tx_id);
    event TransactionFinalized(bytes32 indexed tx_id);
    event AppealStarted(
        bytes32 indexed txId, address indexed appealer, uint256 appealBond, address[] appealValidators
    );

    error UnknownTransaction(bytes32 txId);
    error KnownTransaction(bytes32 txId);

    /// Transactions so far. Makes every id a new one, also of two like messages in one block.
    uint256 public count;
    mapping(bytes32 => Entry) public transactions;

    /// A zero recipient deploys: the event then names the address that follows from the id. Quorate, which has given both
    /// out already, appends two words to the call: the id and the recipient to announce. Other contracts of this name
    /// pass over them, as they do over all bytes behind the arguments; here an id comes in once.
    function addTransaction(
        address _sender,
        address _recipient,
        uint256 _numOfInitialValidators,
        uint256 _maxRotations,
        bytes calldata _txData
    ) external returns (bytes32 txId) {
        address recipient;
        (txId, recipient) = _appended(_txData);
        if (txId == 0) (txId, recipient) = _newId(_recipient);
        if (transactions[txId].recipient != address(0)) revert KnownTransaction(txId);
        transactions[txId] = Entry(
            _sender, recipient, uint64(_numOfInitialValidators), uint64(_maxRotations), keccak256(_txData)
        );
        emit NewTransaction(txId, recipient, _sender);
    }

    function submitAppeal(bytes32 _txId) external payable {
        if (transactions[_txId].recipient == address(0)) revert UnknownTransaction(_txId);
        emit AppealStarted(_txId, msg.sender, msg.value, new address[](0));
    }

    function emitTransactionActivated(bytes32 txId, address leader, address[] calldata validators) external {
        emit TransactionActivated(txId, leader, validators);
    }

    function emitTransactionReceiptProposed(bytes32 txId) external {
        emit TransactionReceiptProposed(txId);
    }

    function emitTransactionLeaderTimeout(bytes32 txId) external {
        emit TransactionLeaderTimeout(txId);
    }

    function emitTransactionLeaderRotated(bytes32 txId, address newLeader) external {
        emit TransactionLeaderRotated(txId, newLeader);
    }

    function emitVoteCommitted(bytes32 txId, address validator, bool isLastVote) external {
        emit VoteCommitted(txId, validator, isLastVote);
    }

    function emitVoteRevealed(bytes32 txId, address validator, uint8 voteType, bool isLastVote, uint8 result)
        external
    {
        emit VoteRevealed(txId, validator, voteType, isLastVote, result);
    }

    function emitTransactionAccepted(bytes32 txId, Message[] calldata messages) external {
        _emitMessages(messages);
        emit TransactionAccepted(txId);
    }

    function emitTransactionFinalized(bytes32 txId, Message[] calldata messages) external {
        _emitMessages(messages);
        emit TransactionFinalized(txId);
    }

    function emitAppealStarted(
        bytes32 txId,
        address appealer,
        uint256 appealBond,
        address[] calldata appealValidators
    ) external {
        emit AppealStarted(txId, appealer, appealBond, appealValidators);
    }

    /// One child transaction per message, in their order.
    function _emitMessages(Message[] calldata messages) private {
        for (uint256 i = 0; i < messages.length; ++i) {
            Message calldata message = messages[i];
            (bytes32 child, address recipient) = _newId(message.recipient);
            transactions[child] = Entry(message.sender, recipient, 0, 0, keccak256(message.data));
            emit NewTransaction(child, recipient, message.sender);
            emit InternalMessageProcessed(child, recipient, message.sender);
        }
    }

    /// The two words behind the last argument; zeros when they are not there.
    function _appended(bytes calldata last) private pure returns (bytes32 txId, address recipient) {
        uint256 end;
        assembly {
            end := add(last.offset, and(add(last.length, 31), not(31)))
        }
        if (msg.data.length == end + 64) (txId, recipient) = abi.decode(msg.data[end:], (bytes32, address));
    }

    function _newId(address asked) private returns (bytes32 txId, address recipient) {
        txId = keccak256(abi.encode(block.chainid, address(this), ++count));
        recipient = asked == address(0) ? address(uint160(uint256(keccak256(abi.encode(txId))))) : asked;
    }
}
