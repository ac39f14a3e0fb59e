"""The ledger (存证台账): every act leaves an entry, and the entries form one tamper-evident log.

An action calls `record` inside its transaction: one INSERT of ids, act, subject and time, with a salted commitment to
the content instead of the content, so that a person can be erased and the log stays whole. The sequencer later gives
pending entries their positions in batches, extends the Merkle tree, and signs a checkpoint. `verify_ledger` computes
everything again from the rows and names each entry that was changed, moved or deleted.

What it cannot show alone: that an entry recorded a few seconds ago and not yet sequenced was deleted, and that whole
checkpoints were cut off the end; for that, other nodes keep and cosign checkpoints.

Standards: RFC 6962 (tree, proofs), C2SP tlog-checkpoint, signed-note and tlog-tiles, RFC 8785 (canonical JSON).
Public actions: `record`, `sequence_pending`. Queries: `verify_ledger`, `list_entries`, `prove_inclusion`,
`prove_consistency`.
"""
