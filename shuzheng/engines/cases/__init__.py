"""The case engine (办件引擎): everything that is asked, decided and due.

A process is drawn in BPMN 2.0 (a subset, see `rules.compile`) with attributes of our own in `urn:shuzheng:bpmn:1`.
Publishing compiles it into a typed transition table and explores every marking it can reach. A case keeps the version
it started with. Where a case rests, a row stands in the token table: a task, a job, a timer.

Main flow: `open_case` → `complete_task` (accept, ask for a supplement, decide …) → end; `claim_task`,
`withdraw_case`, `fire_due_timers` and `recount_deadlines` beside it; `publish_process` before it. One command is one
transaction on one case and six statements. Every command carries an id: sent twice it gives the stored answer, with
other content it is refused.

Whoever leads a unit hands its tasks on (`reassign_task`) and urges overdue ones (`urge_task`); `escalate_due` tells of
deadlines by itself. The step that decides a case counts it on its unit's day, so that figures need no counting.

Two clocks run in working days: acceptance, and the decision promised; a pause stops both, and a proof lists each
day. Source: 行政许可法 第三十二条, 第四十二条, 第八十二条.
"""
