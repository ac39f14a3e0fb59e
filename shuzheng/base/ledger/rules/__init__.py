"""Pure rules: `leaf` (what is hashed), `merkle` (tree and proofs), `tiles` (stored tree), `notes` (signed notes)."""
