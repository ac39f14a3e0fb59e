"""Access (查阅权限与查阅记录): the one place that decides who may read a thing, and that records who read it.

Main flow: `scope_of(actor)` → `check_may_see(scope, parties=…, orgs=…)` → the page is shown → `record_reading`, so that
the person or firm concerned sees who read their data, when and what for. Readings of one's own data are not logged.

Public actions: `record_reading`, `record_readings` for a list taken out of the house, `record_bulk_reading` for rows
read out of the lake, whose subjects are known by number (`queries.subject_key`), `record_whole_reading` where they are
too many to be noted: whom it concerns is then asked of the room that keeps the resource (`types.HOLDERS`).
Source: 个人信息保护法, 第四十四条、第五十一条、第五十四条.
"""
