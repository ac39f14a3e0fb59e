"""The kernel (内核): words every room shares, such as ids, actors, time, codes and errors.

Pure Python: no Django, no database, no network, no file. Standards: RFC 9562 (UUIDv7), RFC 9457 (problems),
GB 11643 (citizen number), GB 32100 (unified social credit code), GB/T 36904 (licence identifier).
"""
