"""Resident and enterprise front (个人和企业办事): find an item, apply for it, follow the case, hold the licence.

Public pages (home, search, guide, verify) need no sign-in; applying goes unit → steps → papers → check → receipt, each
step saved as it is sent, right or wrong; `my/…` shows cases, licences, messages and who read one's data. A person acts
for themselves or for the firm they legally represent; every page says for whom. No tables; all verbs are in the rooms.
"""
