"""Refusals of the ledger."""

from shuzheng.base.kernel.errors import Conflict, Invalid, NotFound


class EntryNotFound(NotFound):
    """No entry has this id."""

    code = "ledger.entry_not_found"
    text = "台账里没有这条记录"
    hint = "请核对记录编号"


class EntryNotSequenced(Conflict):
    """The entry is recorded but has no place in the tree yet."""

    code = "ledger.entry_not_sequenced"
    text = "这条记录刚刚写入，还没有编入台账"
    hint = "请过一分钟再取证明"


class SizeOutOfRange(Invalid):
    """A proof was asked for sizes the log never had."""

    code = "ledger.size_out_of_range"
    text = "台账现有 {size} 条记录，不能证明 {first} 到 {second}"
    hint = "请用已发布的检查点中的条数"


class ProofInvalid(Invalid):
    """A proof does not lead to the stated root."""

    code = "ledger.proof_invalid"
    text = "证明与检查点的根不一致"
    hint = "请重新取证明和检查点；仍不一致就运行 shuzheng ledger verify"


class NoteInvalid(Invalid):
    """A checkpoint is not a signed note, or its signature does not fit."""

    code = "ledger.note_invalid"
    text = "检查点的格式或签名不正确"
    hint = "请从平台重新取检查点，并核对公钥"
