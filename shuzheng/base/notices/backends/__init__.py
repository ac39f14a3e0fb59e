"""Ways out of the house: console, mail by SMTP, text messages by an HTTP gateway, and a fake for tests.

All four pass `tests/conformance/test_channels.py`.
"""
