# SPDX-License-Identifier: MIT
"""What the engine offers to the SDK: the contract of the native module ``_genlayer_wasi``.

The engine makes this module before it imports ``genlayer._engine.run``. Everything here acts on the run of this process; the
engine decides what the run may do (table below), and never trusts the SDK to have checked anything.

**Errors.** What is refused raises ``SystemError("N: name")``: ``1: overflow`` (a number or a range does not fit), ``2: inval``
(an argument or request is malformed), ``3: fault``, ``4: ilseq``, ``5: io`` (the host is gone), ``6: forbidden`` (this run may
not do that), ``7: inbalance`` (more value than there is). A wrong Python type raises ``TypeError``. Nothing is changed then, and
the run goes on.

**What a run may do.**

==================  =========  =========  =============  =============  =========  ======
run                 det        read       write          send           call       nondet
==================  =========  =========  =============  =============  =========  ======
main                yes        yes        as host says   as host says   yes        yes
called by a view    yes        yes        no             no             as caller  no
sandbox             as caller  as caller  as caller (*)  as caller (*)  no         no
block of nondet     no         no         no             no             no         no
==================  =========  =========  =============  =============  =========  ======

(*) and only with ``allow_write_ops``.

**How runs end.** In ``gl_call`` with ``Return`` or ``Rollback``, which end the process; or by what ``genlayer._engine.run.run``
or ``.nested`` gives back: an ``int`` is VM error ``exit_code N``, a ``str`` a VM error with that code. A process that exits by itself
with N ends with ``exit_code N``; if these raise, or the process ends in any other way, that is ``exit_code 1``.
"""
Buffer = bytes | bytearray | memoryview

def storage_read(slot: bytes, offset: int, into: Buffer) -> None:
    """Fills the whole writable buffer from a slot (32 bytes of id) of the running contract. What was never written is zero.

    Needs *read*. The range must end within 2**32 bytes. What this run wrote is seen.
    """

def storage_write(slot: bytes, offset: int, data: Buffer) -> None:
    """Writes all of the data. Needs *write*; locked slots are ``6: forbidden`` (genvm.md §3.6)."""

def get_balance(address: bytes) -> int:
    """What an account (20 bytes) has, in wei, as the host knows it."""

def get_self_balance() -> int:
    """What the running contract has, less what this run has sent. Needs *det*."""

def keccak256(data: Buffer) -> bytes:
    """Keccak-256, 32 bytes. The SDK has a slow one for engines without it."""

def gl_call(request: bytes) -> bytes | None:
    """Everything else. The request is calldata, a mapping with one entry: which, and its payload. As a whole it nests at most
    512 levels. What is no such request, lacks a member or has one of another type is ``2: inval``.

    A *result* below is the byte 0, 1 or 2 and then calldata of the value returned, the UTF-8 message of a user error, or the
    UTF-8 code of a VM error.

    End of the run (does not return; the process is gone, whatever ``except`` or ``finally`` is around):

    * ``Return``: any value.
    * ``Rollback``: str. Nothing that the run wrote or sent is kept.

    Emissions (need *send*; no answer, ``None``). ``value`` counts against the balance at once: ``7: inbalance``. It and
    ``salt_nonce`` are below 2**256 and not negative: ``1: overflow``.

    * ``PostMessage``: ``address``, ``calldata`` (a value, not bytes), ``value``, ``on`` ("accepted" or "finalized").
    * ``DeployContract``: ``calldata`` (a value), ``code`` bytes, ``salt_nonce``, ``value``, ``on``.
    * ``EthSend``: ``address``, ``calldata`` bytes, ``value``.
    * ``EmitEvent``: ``topics`` (at most 4, each 32 bytes), ``blob`` (a mapping).

    Other contracts:

    * ``CallContract`` (needs *call*): ``address``, ``calldata`` (a value), ``state`` ("latest_non_final" or "latest_final").
      Answer: a *result* with byte 0 or 1; a VM error of the callee ends the caller with the same code. The callee is
      ``run``, with the caller's message but ``contract_address``, ``value`` 0, ``is_init`` false, ``entry_data``, and the
      caller's address appended to ``stack``. It reads committed state, not what the caller wrote. At most 64 deep.
    * ``EthCall``: ``address``, ``calldata`` bytes. Answer: the bytes returned. Studio has none: ``6: forbidden``.

    Runs inside the run. The engine forks; the child, inside this very call, calls ``genlayer._engine.run.nested(kind, data,
    stage)`` and never returns here. ``data`` is opaque to the engine.

    * ``Sandbox``: ``data`` bytes, ``allow_write_ops`` bool. ``kind`` 1, ``stage`` None. Answer: a *result*. Writes, emissions
      and value sent are taken over by the caller if the byte is 0.
    * ``RunNondet`` (needs *nondet*): ``data_leader``, ``data_validator`` bytes. ``kind`` 2. Gets the next call number, from 0.
      Leader: runs ``data_leader`` with ``stage`` None and keeps its result. Validator: runs ``data_validator`` with the
      leader's result as ``stage``; anything but the value true is a disagreement with this call, and the run goes on.
      Answer: the leader's *result*, also for validators.

    Modules (need *det* to be false, that is a block; the answer is calldata, ``{"ok": …}`` or ``{"error": {causes, fatal,
    ctx}}``; a fatal error ends the run instead):

    * ``ExecPrompt``: ``prompt`` str, ``response_format`` "text" or "json", ``images`` (bytes of PNG or JPEG, at most 2).
      ok: str; for "json" the JSON text of an object (calldata has no floats), or a mapping.
    * ``ExecPromptTemplate``: ``template`` "EqComparative" (``leader_answer``, ``validator_answer``, ``principle``),
      "EqNonComparativeLeader" (``task``, ``input``, ``criteria``), "EqNonComparativeValidator" (``task``, ``output``,
      ``input``, ``criteria``), all str. ok: bool, for the leader's template str.
    * ``WebRender``: ``url`` str, ``mode`` "text", "html" or "screenshot", ``wait_after_loaded`` null, or str: digits, then "ms"
      or "s". ok: ``{"text": str}``, or ``{"image": bytes}`` for screenshots.
    * ``WebRequest``: ``url``, ``method`` str, ``body`` bytes or null, ``headers`` (str to bytes). ok: ``{"response":
      {"status": int, "headers": {str: bytes}, "body": bytes or null}}``.

    Log:

    * ``Trace``: ``{"Message": str}``, no answer; ``{"RuntimeMicroSec": null}``, answer: calldata of an int, which is 0 unless
      the engine is in debug mode, for it differs between nodes.
    """
