"""What `make run` ends with: the address, the demo sign-ins and what to try first."""

from django.conf import settings

from shuzheng.base.directory.queries import list_demo_accounts
from shuzheng.packs.queries import get_pack_info


def text(address: str) -> str:
    """Return the lines printed when the server is about to listen.

    Args:
        address: Origin that is served, such as http://127.0.0.1:8000.
    """
    info = get_pack_info()
    lines = ["", f"  {info.city} · {info.resident_portal}", f"  {address}", ""]
    password = settings.SHUZHENG.var_dir / "keys" / "demo-password"
    if settings.SHUZHENG.demo and password.exists():
        lines += [f"  演示账号，密码都是 {password.read_text('ascii').strip()}", ""]
        lines += [f"    {a.sign_in_name:11}{a.person_name}　{a.what_to_try}" for a in list_demo_accounts()]
        lines += ["", *(f"  {step}" for step in info.try_first)]
    return "\n".join([*lines, "", "  停止：Ctrl+C", ""])
