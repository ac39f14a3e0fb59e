"""What a load balancer and a monitor ask: `/healthz`, `/readyz`, `/metrics`."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from shuzheng.base.jobs.queries import count_dead, count_waiting
from shuzheng.base.ledger.queries import get_size


def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer that the process lives; touches nothing."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer whether the database answers: 200 or 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})


def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Answer a few gauges in the Prometheus text format; each is one index look-up."""
    gauges = {
        "shuzheng_jobs_waiting": count_waiting(),
        "shuzheng_jobs_dead": count_dead(),
        "shuzheng_ledger_size": get_size(),
    }
    lines = [f"# TYPE {name} gauge\n{name} {value}\n" for name, value in gauges.items()]
    return HttpResponse("".join(lines), content_type="text/plain; version=0.0.4")
