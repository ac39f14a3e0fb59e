"""The English switch over HTTP: pages are crawled link by link, and Chinese that is not content is a finding.

Content stays Chinese: what stands in the pack, what people typed, messages already sent, official letters and the laws
they cite, and rules read out in the language they are written in. Everything else a page says is chrome and has to
follow the switch.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
import yaml
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve
from django.urls.exceptions import Resolver404
from typing_extensions import override

from shuzheng.base.directory import pack as directory_pack
from shuzheng.base.jobs.actions import run_due
from shuzheng.base.jobs.types import HANDLERS
from shuzheng.base.kernel.clock import local_date, now
from shuzheng.base.kernel.types import SYSTEM
from shuzheng.base.notices.actions import send_notice
from shuzheng.engines.cases.types import CaseView
from shuzheng.engines.credentials.models import Licence
from shuzheng.engines.lake.actions import check_quality, discover, gather
from shuzheng.engines.lake.models import Quarantined
from shuzheng.engines.lake.queries import inbox
from shuzheng.packs.queries import read_pack
from shuzheng.services.benefits.actions import STEP_JOB, run_step
from shuzheng.services.items.models import ItemChange
from shuzheng.services.rulebook.models import RuleProposal
from tests.items.reviewing import with_reviewers
from tests.portals.browsing import PERMIT, fill, start
from tests.portals.conftest import AT, TEMPLATE
from tests.portals.walking import UNIT, at_desk, for_firm, make_accepted, make_asked, make_case, make_granted, owner

HAN = re.compile(r"[\u3400-\u9fff]+")
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "summary"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TYPED = (
    "石桥路 8 号",
    "看不清：请重拍",
    "平面布局图.pdf",
    "健康证明.pdf",
    "没有这样的",
    "电话约时间",
    "石桥路有进展",
    "规则修改",
    "已审核通过",
    "数据主管",
    "两次",
    "利民政策事实",
    "惠企政策事实",
    "金额（元）",
    "乘",
)
EXAMPLES = ("李小华", "租房提取", "中文", "人民路 8 号 2 幢 103 室", "市场监管局")
"""Shown in a hint as what to type; the language's own name on the switch."""
LAWS = ("中华人民共和国行政许可法", "第三十二条", "第四十二条", "第八十二条")
LETTERS = ("申请材料接收凭证", "行政许可申请受理通知书", "准予行政许可决定书", "补正材料一次性告知书")
MASKED = re.compile(r"[\u3400-\u9fff]\*+[\u3400-\u9fff]?")
EACH = 3
"""Pages looked at of one address pattern and visitor."""


class Reader(HTMLParser):
    """What a page says outside letters and messages, in text and spoken attributes; and its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []
        self.links: list[str] = []

    @property
    def marked(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        sheet = {"letter", "notices", "reached", "read-out"} & set(given.get("class", "").split())
        foreign = self.marked or bool(sheet) or tag in {"script", "style", "textarea"}
        if not foreign:
            self.said += [given[name] for name in SPOKEN & given.keys()]
            if tag == "input" and given.get("type") in {"submit", "button"}:
                self.said.append(given.get("value", ""))
            if tag == "meta" and given.get("name") == "description":
                self.said.append(given.get("content", ""))
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag not in VOID:
            self.open.append((tag, foreign))

    @override
    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    @override
    def handle_data(self, data: str) -> None:
        if not self.marked and data.strip():
            self.said.append(" ".join(data.split()))


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from texts_of(key)
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one)


def content() -> list[str]:
    """Every Chinese text of the pack and of the visitors, longest first."""
    found: set[str] = {*TYPED, *EXAMPLES, *LAWS, *LETTERS}
    for path in TEMPLATE.rglob("*"):
        if path.suffix == ".toml":
            found |= set(texts_of(tomllib.loads(path.read_text("utf-8"))))
        elif path.suffix == ".yaml":
            raw = path.read_text("utf-8")
            found |= {*texts_of(yaml.load(raw, Loader=yaml.BaseLoader)), *raw.split("\n")}
        elif path.suffix in {".csv", ".bpmn", ".md", ".json"}:
            raw = path.read_text("utf-8")
            found |= set(re.split(r"[,\n\";|<>]", raw)) | set(re.split(r"[,\n\"<>]", raw))
    parts = {part.strip() for text in found for part in (text, *re.split(r"[;；|、\n]", text))}
    return sorted((one for one in parts if HAN.search(one)), key=len, reverse=True)


class Chrome:
    """Tells what is left of a text when the content is taken out."""

    def __init__(self) -> None:
        known = [" ".join(one.split()) for one in content()]
        self.whole = set(known)
        long = [re.escape(one) for one in known if len(one) >= 4]
        places = [re.escape(one) for one in known if re.fullmatch(r"[\u3400-\u9fff]+[省市区县镇乡街村]", one)]
        self.long = re.compile("|".join(long))
        self.places = re.compile(f"(?:{'|'.join(places)})+")

    def left(self, text: str) -> str:
        rest = self.long.sub(" ", MASKED.sub(" ", text))
        return " ".join(run for run in HAN.findall(rest) if not self.knows(run))

    def knows(self, run: str) -> bool:
        return run in self.whole or self.places.fullmatch(run) is not None


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


class Crawl:
    """Walks from page to page for one visitor."""

    def __init__(self, who: str, client: Client, chrome: Chrome) -> None:
        self.who, self.client, self.chrome = who, english(client), chrome
        self.seen: Counter[str] = Counter()
        self.asked: set[str] = set()
        self.findings: dict[str, str] = {}

    def look(self, address: str, response: Any) -> list[str]:
        if not str(response.headers.get("Content-Type", "")).startswith("text/html"):
            return []
        reader = Reader()
        reader.feed(response.content.decode())
        for said in reader.said:
            if left := self.chrome.left(said):
                self.findings.setdefault(left, f"{self.who} {address}: {said[:80]}")
        return [urljoin(address, link) for link in reader.links]

    def walk(self, *starts: str) -> None:
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            parts = urlsplit(address)
            if parts.netloc or address in self.asked or not parts.path.startswith("/"):
                continue
            name = name_of(parts.path)
            if address not in starts and (not name or self.seen[name] >= EACH):
                continue
            self.asked.add(address)
            self.seen[name] += 1
            response = self.client.get(parts.path + (f"?{parts.query}" if parts.query else ""))
            if response.status_code in {301, 302}:
                waiting.append(urljoin(address, response["Location"]))
            waiting += self.look(address, response)

    def post(self, address: str, /, **given: object) -> None:
        response = self.client.post(address, given)
        self.look(f"POST {address}", response)
        if response.status_code == 302:
            self.walk(response["Location"])

    def send(self, page: str, to: str = "", /, **typed: object) -> None:
        """Send a page's form as a browser would, with some fields typed over."""
        html = self.client.get(page).content.decode()
        hidden = dict(re.findall(r'name="(command_id|base|rev|expected_rev)" value="([^"]*)"', html))
        self.post(to or page, **{**hidden, **typed})


def patterns() -> set[str]:
    found = set()
    for space, (_, resolver) in get_resolver().namespace_dict.items():
        if space in {"shell", "resident", "officer"}:
            found |= {f"{space}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    return found


NOT_PAGES = {
    *(f"officer:lake_{name}" for name in ("check", "gather", "look", "proposal")),
    "officer:check",
    "officer:policy_export",
    "officer:policy_run",
    *(f"officer:{name}" for name in ("claim", "claim_many", "narrow", "notice", "office", "process", "reassign")),
    *(f"officer:{name}" for name in ("reassign_many", "release", "urge", "unit_export", "preview", "change_drop")),
    *(f"officer:{name}" for name in ("change_submit", "change_return", "change_approve", "reveal", "licence_reveal")),
    *(
        f"officer:{name}"
        for name in ("revoke", "task", "rule_export", "rule_check", "proposal_submit", "proposal_drop")
    ),
    "officer:rule_table_check",
    *(
        f"resident:{name}"
        for name in ("discard", "paper", "paper_preview", "process", "rate", "supplement", "withdraw")
    ),
    *(f"shell:{name}" for name in ("authorize", "elder", "end_session", "external", "external_callback", "language")),
    *(f"shell:{name}" for name in ("kept", "move_mandate", "sign_out")),
}
"""Files, redirects and addresses that only take a form; the answers to forms are looked at where they are sent."""


@pytest.fixture(scope="module")
def chrome() -> Chrome:
    return Chrome()


@pytest.fixture
def cases(city: None) -> dict[str, CaseView]:
    return {"granted": make_granted(), "waiting": make_asked(), "accepted": make_accepted(), "fresh": make_case()}


def visit_public(chrome: Chrome) -> Crawl:
    crawl = Crawl("anyone", Client(), chrome)
    crawl.walk(
        "/", "/items/?q=没有这样的", "/verify/", "/verify/letters/", "/places/", "/items/themes/", "/items/units/"
    )
    crawl.walk(
        "/no-such-page/", "/help/", "/help/accessibility/", "/sign-in/", "/my/", "/desk/", "/items/999999999999/"
    )
    crawl.post("/sign-in/", name="nobody", password="x")
    crawl.post("/sign-in/", name="", password="")
    crawl.post("/verify/", code="1.2.3")
    crawl.post("/verify/", number="1", holder="x")
    crawl.post("/verify/letters/", number="1", code="x")
    return crawl


def visit_as_firm(chrome: Chrome, cases: dict[str, CaseView]) -> Crawl:
    crawl = Crawl("firm", for_firm(), chrome)
    contact = owner()
    assert contact.person is not None
    send_notice(contact.person, kind="case", title="石桥路有进展", body="在审查", link="/my/", key="t:1", at=AT)
    for case in cases.values():
        crawl.walk(f"/my/cases/{case.number}/", f"/done/{case.number}/")
    crawl.walk("/my/", "/my/cases/", "/my/licences/", "/my/notices/", "/my/notices/settings/", "/my/readers/")
    crawl.walk(
        "/account/", "/account/sessions/", "/account/password/", "/account/mandates/", "/acting/", "/my/cases/none/"
    )
    crawl.post("/account/password/", current="x", new="y", again="z")
    crawl.post("/account/mandates/new/", go="give")
    crawl.post("/account/mandates/new/", go="give", name="x", id_no="123", extent="all", first="soon", last="later")
    crawl.post("/my/notices/settings/", do="mail", mail="x")
    crawl.post(f"/my/cases/{cases['waiting'].number}/supplement/", command_id=str(uuid4()))
    crawl.post(f"/my/cases/{cases['fresh'].number}/supplement/", command_id=str(uuid4()))
    crawl.post(f"/my/cases/{cases['granted'].number}/withdraw/", command_id=str(uuid4()))
    crawl.post(f"/my/cases/{cases['granted'].number}/rate/", level="9")
    crawl.post(f"/my/cases/{cases['fresh'].number}/withdraw/", command_id=str(uuid4()), reason="")
    crawl.walk(f"/my/cases/{cases['fresh'].number}/?again=1")
    return crawl


def visit_a_form(chrome: Chrome) -> Crawl:
    writer = Client()
    draft = start(writer)
    crawl = Crawl("writer", writer, chrome)
    fill(writer, draft)
    crawl.walk(*(f"{draft}{part}/" for part in ("1", "2", "3", "9", "papers", "check")))
    crawl.post(f"{draft}1/", contact_mobile="12", go="next")
    crawl.post(f"{draft}2/", area="many", open_on="soon", division="", place_address="", go="next")
    crawl.post(f"{draft}2/", area="12.3456", open_on="2026-02-30", division="x", place_address="x", go="next")
    crawl.post(f"{draft}2/", area="-3", open_on="1800-01-01", division="", place_address="x" * 300, go="next")
    crawl.post(f"{draft}3/", go="next", staff="x", format="x", projects="x", online="x")
    crawl.post(f"{draft}papers/", go="next")
    crawl.post(f"{draft}check/", command_id=str(uuid4()))
    crawl.walk(f"{draft}check/?again=1")
    return crawl


def visit_a_desk(who: str, chrome: Chrome, cases: dict[str, CaseView]) -> Crawl:
    crawl = Crawl(who, at_desk(who), chrome)
    for case in cases.values():
        crawl.walk(f"/desk/cases/{case.number}/")
    crawl.walk("/desk/", "/desk/?show=done", "/desk/find/", "/desk/units/", "/desk/units/cases/", "/desk/people/")
    crawl.walk("/desk/absence/", "/desk/notices/", "/desk/items/", "/desk/items/changes/", "/desk/post/", "/desk/keys/")
    fresh = cases["fresh"].number
    crawl.post(f"/desk/cases/{fresh}/checks/", **{"check:fact.ent_status": "x", "basis": ""})
    crawl.walk(f"/desk/cases/{fresh}/?said=checked")
    for outcome in ("supplement", "not_accept", "accept", "nonsense"):
        crawl.send(f"/desk/cases/{fresh}/", f"/desk/cases/{fresh}/tasks/1/", outcome=outcome, expected_rev="0")
    crawl.post(f"/desk/cases/{fresh}/reveal/", purpose=" ")
    crawl.post(f"/desk/cases/{fresh}/reveal/", purpose="电话约时间")
    crawl.post("/desk/absence/")
    crawl.post("/desk/find/", q="没有这样的")
    crawl.post("/desk/people/", q="没有这样的")
    licence = Licence.objects.get(case_id=cases["granted"].id).public_id
    crawl.walk(f"/desk/licences/{licence}/")
    crawl.post(f"/desk/licences/{licence}/revoke/", reason="", confirm="")
    return crawl


def visit_item_administration(chrome: Chrome) -> list[Crawl]:
    directory_pack.apply(with_reviewers(read_pack(TEMPLATE)), actor=SYSTEM, at=AT)
    crawl, editor = Crawl("yunchuang", at_desk("yunchuang"), chrome), f"/desk/items/{PERMIT}/change/"
    crawl.walk("/desk/items/", f"/desk/items/{PERMIT}/", f"/desk/items/{PERMIT}/versions/1/", editor)
    bad = {
        "promised_days": "99",
        "visits": "x",
        "fee": "many",
        "m-n1-name": "",
        "m-n1-condition": "x",
        "faq-9-answer": "x",
    }
    crawl.send(editor, go="save", channels=[], **bad)
    crawl.send(editor, go="submit", reason="电话约时间", promised_days="3")
    changes = [f"/desk/items/changes/{row.public_id}/" for row in ItemChange.objects.all()]
    crawl.walk(*changes, *(f"{change}edit/" for change in changes))
    unit = f"/desk/items/units/11990102MBY000096A4{PERMIT}/change/"
    window = Crawl("shouli at its window", at_desk("shouli"), chrome)
    window.walk(unit)
    window.send(unit, go="save", window="x", promised_days="99", phone="x", address="x" * 300)
    reviewer = Crawl("juzhang", at_desk("juzhang"), chrome)
    reviewer.walk("/desk/items/changes/", "/desk/units/", "/desk/units/cases/", *changes)
    for change in changes:
        reviewer.send(change, f"{change}return/", words="")
        reviewer.send(change, f"{change}approve/", effective_on="soon")
    return [crawl, window, reviewer]


def visit_rule_book(chrome: Chrome) -> list[Crawl]:
    crawl, code = Crawl("yunchuang at the rules", at_desk("yunchuang"), chrome), f"form/{PERMIT}/2"
    rule, change, tried = (f"/desk/rules/{verb}/{code}/" for verb in ("rule", "change", "try"))
    crawl.walk("/desk/rules/", "/desk/rules/?q=没有这样的", "/desk/rules/proposals/", rule, change, tried)
    for area in ("", "8", "12", "x"):
        crawl.post(tried, **{"f-form.area": area, "on": "2026-12-01", "go": "try"})
    crawl.post(tried, on="soon", go="case")
    crawl.send(change, text="form.aera >= 1 AND", label="", source="", source_url="x", valid_from="soon", go="submit")
    good = {
        "text": "form.area >= 12",
        "source": "石桥路 8 号",
        "reason": "电话约时间",
        "valid_from": _tomorrow(),
        "tests": "",
    }
    crawl.send(change, f"/desk/rules/check/{code}/", **good)
    crawl.send(change, **good, go="save")
    crawl.send(change, **good, go="submit")
    _visit_table(crawl)
    proposals = [f"/desk/rules/proposals/{row.public_id}/" for row in RuleProposal.objects.all()]
    crawl.walk("/desk/rules/proposals/", *proposals, *(f"{proposal}edit/" for proposal in proposals))
    number = RuleProposal.objects.exclude(case_number="").values_list("case_number", flat=True)[0]
    reviewer = Crawl("shenpi2 at the rules", second_post("shenpi2"), chrome)
    reviewer.walk("/desk/", f"/desk/cases/{number}/")
    reviewer.send(f"/desk/cases/{number}/", f"/desk/cases/{number}/tasks/1/", outcome="return")
    reviewer.send(f"/desk/cases/{number}/", f"/desk/cases/{number}/tasks/1/", outcome="approve")
    reviewer.walk(f"/desk/cases/{number}/?said=done")
    crawl.seen.clear()
    crawl.asked.clear()
    crawl.walk(rule, "/desk/rules/proposals/?show=over")
    return [crawl, reviewer]


def _visit_table(crawl: Crawl) -> None:
    table, change, tried = (f"/desk/rules/{verb}/table/shop-visit/" for verb in ("rule", "change", "try"))
    crawl.walk(table, change, tried)
    for score in ("", "45", "x"):
        crawl.post(tried, **{"f-score": score, "on": "2026-12-01", "go": "try"})
    grid = {"rows": "2", "columns": "1", "policy": "UNIQUE", "c-1-label": "风险分值", "c-1-expression": "score"}
    overlap = {**grid, "r-1-1": ">= 3", "r-1-2": "1", "r-2-1": "< 9", "r-2-2": "2"}
    gap = {**overlap, "r-2-1": "空"}
    wrong = {**overlap, "r-1-1": "", "r-2-2": "两次"}
    for typed in (overlap, gap, wrong):
        crawl.send(change, "/desk/rules/table-check/table/shop-visit/", **typed)
        crawl.send(change, **typed, go="row-add:1")
        crawl.send(change, **typed, go="submit")


def _tomorrow() -> str:
    return (local_date(now(), "Asia/Shanghai") + timedelta(days=1)).isoformat()


def visit_policies(chrome: Chrome) -> Crawl:
    crawl = Crawl("juzhang at the policies", second_post("juzhang"), chrome)
    crawl.walk("/desk/policies/", "/desk/policies/?q=没有这样的", "/desk/policies/TP-MZ-01/")
    crawl.post("/desk/policies/TP-MZ-01/run/")
    if STEP_JOB not in HANDLERS:
        HANDLERS.register(STEP_JOB, run_step)
    while run_due(at=now()):
        pass
    published = "/desk/policies/published/TP-MZ-01-990100-2023/"
    crawl.seen.clear()
    crawl.asked.clear()
    crawl.walk("/desk/policies/TP-MZ-01/?again=1", published)
    for path in (published, f"{published}export/"):
        crawl.post(path, purpose=" ")
    crawl.post(published, purpose="电话约时间")
    return crawl


def visit_lake(chrome: Chrome) -> Crawl:
    crawl = Crawl("juzhang at the lake", second_post("juzhang"), chrome)
    crawl.walk("/desk/lake/", "/desk/lake/sources/person_file/", "/desk/lake/quality/", "/desk/lake/tables/person/")
    file = inbox() / "population" / "person.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = ("公民身份号码,姓名,性别,手机号", "990102198603149917,林知墨,男,19999980001", "1,乙,女,2")
    file.write_text("\n".join(rows), encoding="utf-8")
    gather("person_file", actor=SYSTEM, at=now())
    check_quality("person", actor=SYSTEM, at=now())
    discover("person", actor=SYSTEM, at=now())
    crawl.seen.clear()
    crawl.asked.clear()
    crawl.walk("/desk/lake/", "/desk/lake/?q=没有这样的", "/desk/lake/quality/", "/desk/lake/quarantine/?state=mended")
    row, rule = Quarantined.objects.get(), "/desk/lake/tables/person/failing/has_mobile/"
    crawl.walk(rule, f"/desk/lake/quarantine/{row.public_id}/")
    crawl.post(rule, purpose="数据质量核查")
    crawl.post(rule, purpose="")
    for act in ({"do": "open", "purpose": ""}, {"do": "mend", "purpose": "两次"}, {"do": "discard", "purpose": "两次"}):
        crawl.post(f"/desk/lake/quarantine/{row.public_id}/", **act)
    find = "/desk/lake/tables/person/find/"
    crawl.walk(find)
    for asked_for in (
        {"text": "", "column": "sex"},
        {"text": "没有", "column": "sex", "match": "begins"},
        {"text": "x"},
    ):
        crawl.post(find, purpose="数据质量核查", **asked_for)
    asked = {"purpose": "数据质量核查", "do": "run", "chart": "bar"}
    for sql in ("SELECT sex, mobile, count(*) AS n FROM person GROUP BY ALL", "SELECT", "SELECT 1 FROM nothing"):
        crawl.post("/desk/lake/query/", text=sql, **asked)
    crawl.post("/desk/lake/query/", text="SELECT 1", do="save", title="")
    crawl.post("/desk/lake/query/", text="SELECT 1 FROM person", do="save", title="两次", purpose="统计分析")
    crawl.walk("/desk/lake/query/?table=person")
    lineage = "/desk/lake/tables/person/lineage/"
    crawl.walk(lineage, f"{lineage}?column=mobile", f"{lineage}?column=nothing")
    return crawl


def second_post(name: str) -> Client:
    """An officer at the data authority."""
    client = at_desk(name)
    shown = client.get("/desk/post/").content.decode()
    found = re.search(r'value="([0-9a-f-]{36})"[^>]*><label[^>]*><b>市数管局</b>', shown)
    assert found is not None
    client.post("/desk/post/", {"post": found[1]})
    return client


@pytest.mark.slow
def test_every_page_follows_the_english_switch(chrome: Chrome, cases: dict[str, CaseView]) -> None:
    crawls = [
        visit_public(chrome),
        visit_as_firm(chrome, cases),
        visit_a_form(chrome),
        *(visit_a_desk(who, chrome, cases) for who in ("shouli", "shenpi", "weijian")),
        *visit_item_administration(chrome),
        *visit_rule_book(chrome),
        visit_policies(chrome),
        visit_lake(chrome),
    ]
    left: dict[str, str] = {}
    for crawl in crawls:
        left = crawl.findings | left
    assert not list(left.values())
    seen = {name for crawl in crawls for name in crawl.seen}
    assert not sorted(patterns() - seen - NOT_PAGES), "pages nobody looked at"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<h1>我的办件</h1>", "我的办件"),
        ('<a title="打开看">x</a>', "打开看"),
        ('<p lang="zh-Hans">暂时不能办</p>', "暂时不能办"),
        ("<p>From 墨溪区: 还没有</p>", "还没有"),
        ("<p>样例省样例市墨溪区</p><script>用不着</script><p>李*华</p>", ""),
        ('<article class="doc letter"><p>随便什么</p></article>', ""),
    ],
)
def test_chinese_outside_content_is_found(chrome: Chrome, html: str, left: str) -> None:
    reader = Reader()
    reader.feed(html)
    assert " ".join(filter(None, map(chrome.left, reader.said))) == left


def test_a_program_is_answered_in_the_language_it_accepts(city: None) -> None:
    answer = Client().get("/api/items/999999999999", headers={"Accept-Language": "en"})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not HAN.search(f"{answer.json()['title']}{answer.json()['detail']}{answer.json()['hint']}")
    assert HAN.search(Client().get("/api/items/999999999999").json()["detail"])


def test_problems_of_an_application_by_a_program_are_english_too(city: None) -> None:
    path = f"/api/items/{PERMIT}/applications"
    body = {"unit": UNIT, "command_id": str(uuid4()), "answers": {"area": "many", "contact_mobile": "12"}, "papers": []}
    sent = for_firm().post(path, body, content_type="application/json", headers={"Accept-Language": "en"})
    assert sent.status_code == 422
    said = [problem["message"] for problem in sent.json()["problems"]]
    assert any("enter a number" in one for one in said)
    assert any("mobile number" in one for one in said)
    assert "Please upload" in " ".join(said)
