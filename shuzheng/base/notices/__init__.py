"""Notices (消息中心): what the platform tells a person, in the application, by text message and by mail.

Main flow: a room calls `send_notice` inside its own transaction, with a key that makes it idempotent → the person
sees it at once in the application → `plan_deliveries` decides for many notices together through which channels they
leave and when (preferences, quiet hours; urgent kinds pass) → `deliver_due` claims due messages, sends them outside
any transaction and marks them; what fails is tried again for about ten hours. A message carries the title and
the way back, never the body. `docs/adr/0016` says why sending has a loop of its own.

Public actions: `send_notice`, `send_notices`, `mark_read`, `mark_all_read`, `save_preferences`, `give_mail_address`,
`confirm_mail_address`, `forget_mail_address`, `retry_channel`, `plan_deliveries`, `deliver_due`, `run_deliveries`,
`take_receipt`, `record_bounce`.
"""
