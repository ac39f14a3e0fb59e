"""Refusals of the room."""

from shuzheng.base.kernel.errors import Conflict, NotFound, ShuzhengError


class JobNotFound(NotFound):
    """No job has this number."""

    code = "jobs.job_not_found"
    text = "没有编号为 {number} 的后台任务"
    hint = "请用 shuzheng doctor 看现有的任务"


class JobNotDead(Conflict):
    """Only a dead letter is started again by hand."""

    code = "jobs.job_not_dead"
    text = "编号为 {number} 的后台任务没有停下，不需要重新执行"
    hint = "等它自己再试；放弃了的任务才要手工重新排队"


class LeaseLost(ShuzhengError):
    """The job took longer than its lease and belongs to another worker now; this run is undone."""

    code = "jobs.lease_lost"
    status = 409
    text = "任务超过了租约时间，已交给另一个进程"
    hint = "不用处理：另一个进程会做完"


class WorkerLost(ShuzhengError):
    """The worker ended in the middle of a job; written as the job's last error by the reaper."""

    code = "jobs.worker_lost"
    status = 500
    text = "执行任务的进程中途终止"
    hint = "不用处理：任务会自动再试"
