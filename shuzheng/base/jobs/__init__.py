"""Jobs (后台任务): work that follows an act without making anybody wait, and work that recurs.

An action calls `enqueue` inside its transaction: the job exists exactly when the act does (outbox). A worker claims
due rows one by one under a lease, runs the handler and marks the row in one transaction, so what a handler writes to
the database happens once. A failure is tried again later and later; after the last try the row stays as a dead letter
for an operator. A worker that dies leaves a lease that runs out; the reaper hands its row to another. Schedules run at
most once a period. Why there is no task framework beneath: docs/adr/0005.

Public actions: `enqueue`, `run_due`, `run_worker`, `retry_dead_job`, `purge_done_jobs`. Ports: `HANDLERS`, `SCHEDULE`.
"""
