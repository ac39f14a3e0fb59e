"""The kernel (内核): words every room shares, such as ids, actors, time, codes and errors.

Pure Python: no Django, no database, no network, no file. `types`, `ids`, `errors`, `clock`; `codes` and their
`code_errors`; `calendar`, `money`; `fold` for search; `mask`, `seal`, `canonical`; `events`, `registry` and `pack` are
how rooms meet without knowing one another. Standards: RFC 9562 (UUIDv7), RFC 9457 (problems), RFC 8785 (canonical
JSON), GB 11643 (citizen number), GB 32100 (unified social credit code), GB/T 36904 (licence identifier).
"""
