"""Notices (消息中心): what the platform tells a person, in the application.

Main flow: a room calls `send_notice` inside its own transaction, with a key that makes it idempotent → the person
sees the number of unread notices and their list → `mark_read`. SMS and mail become ports beside it later.

Public actions: `send_notice`, `mark_read`, `mark_all_read`.
"""
