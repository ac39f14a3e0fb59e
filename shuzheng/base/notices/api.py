"""JSON door for providers: a gateway posts what became of a message. Signed, no session."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from shuzheng.base.kernel.clock import now
from shuzheng.base.notices.actions import take_receipt

router = Router(tags=["消息回执"])


@router.post("/notices/receipts", response={204: None})
def post_receipt(request: HttpRequest) -> HttpResponse:
    """Take a receipt: `{"id": "…", "state": "delivered" | "bounced", "reason": "空号", "permanent": true}`.

    Headers `X-Timestamp` (Unix seconds) and `X-Signature`: HMAC-SHA-256 over timestamp, full stop and body with the key
    shared with the gateway, hexadecimal. The same receipt again changes nothing.
    """
    take_receipt(
        request.body,
        stamp=request.headers.get("X-Timestamp", ""),
        signature=request.headers.get("X-Signature", ""),
        at=now(),
    )
    return HttpResponse(status=204)
