"""Files (附件): what people upload, known by its bytes, kept sealed on disk.

Main flow: `store_upload` reads at most one byte more than the limit, decides the kind by content and never by name,
seals the bytes, writes them under `<var>/files/` by a temporary file, fsync and rename, and only then writes the row.
A crash between leaves a file without a row, which `sweep_orphans` removes; never a row without a file.
The room lies below the ledger: whoever stores a file records the act.

Public actions: `store_upload`, `sweep_orphans`. Sources: ISO 32000-2 (PDF), ISO 10918-1 (JPEG), ISO 15948 (PNG).
"""
