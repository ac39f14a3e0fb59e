"""HTTP interfaces that give JSON, page by page."""

import time
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

import httpx
from typing_extensions import override

from shuzheng.base.kernel.said import said
from shuzheng.engines.lake.backends.sources.reading import Reader, as_text
from shuzheng.engines.lake.backends.sources.whole_files import chunk_of_objects, read_object
from shuzheng.engines.lake.errors import SourceAway
from shuzheng.engines.lake.types.gathering import Chunk, Paging, Proof, Source

_TRIES: Final = 4
_WAIT_SECONDS: Final = 0.5
_MOST_WAIT: Final = 30.0
_MOST_PAGES: Final = 100_000
_MOST_BYTES: Final = 64 << 20
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class HttpReader(Reader):
    """One interface. A page that does not come is asked for again, each time after twice as long."""

    total = 0

    def __init__(self, source: Source, *, secret: str, since: str, wait: float = _WAIT_SECONDS) -> None:
        """Ask for the first page; its objects give the header.

        Raises:
            SourceAway: It does not answer, or not as agreed.
        """
        self._source, self._wait, self._last, self._bytes = source, wait, since, 0
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
        self._client = httpx.Client(headers=headers, timeout=30, follow_redirects=False)
        self._params = {source.since_param: since} if source.since_param and since else {}
        try:
            self._pages = self._walk()
            self._begun = next(self._pages, [])
        except BaseException:
            self.close()
            raise
        names: dict[str, None] = {}
        for row in self._begun:
            names.update(dict.fromkeys(row))
        self.names = tuple(names)

    def _walk(self) -> Iterator[list[dict[str, object]]]:
        source, number, cursor, url = self._source, self._source.first_page, "", self._source.where
        for _ in range(_MOST_PAGES):
            params = dict(self._params)
            if source.paging is Paging.NUMBER:
                params[source.page_param] = str(number)
            elif cursor:
                params[source.page_param] = cursor
            answer = self._ask(url, params)
            whole = read_object(b'{"answer": ' + answer.content + b"}")
            found = None if whole is None else _at(whole["answer"], source.rows_at)
            if whole is None or not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
                raise SourceAway(source=source.code, why=said("应答里没有约定的数据"))
            if found:
                yield found
            number += 1
            cursor = as_text(_at(whole["answer"], source.next_at)) or "" if source.paging is Paging.CURSOR else ""
            follow = str(answer.links.get("next", {}).get("url", "")) if source.paging is Paging.LINK else ""
            if not (follow or cursor or (source.paging is Paging.NUMBER and found)):
                return
            url, self._params = (self._same_place(answer, follow), {}) if follow else (url, self._params)
        raise SourceAway(source=source.code, why=said("页数太多"))

    def _same_place(self, answer: httpx.Response, follow: str) -> str:
        """Return where the next page is; the token goes nowhere else."""
        url = str(answer.url.join(follow))
        if urlsplit(url)[:2] != urlsplit(self._source.where)[:2]:
            raise SourceAway(source=self._source.code, why=said("下一页指向了另一个地址"))
        return url

    def _ask(self, url: str, params: Mapping[str, str]) -> httpx.Response:
        wait = self._wait
        for left in reversed(range(_TRIES)):
            try:
                answer = self._client.get(url, params=params or None)
            except httpx.HTTPError as why:
                if not left:
                    raise SourceAway(source=self._source.code, why=said("接口没有应答")) from why
            else:
                if answer.status_code == httpx.codes.OK and len(answer.content) <= _MOST_BYTES:
                    self._bytes += len(answer.content)
                    return answer
                if not left or answer.status_code not in _AGAIN:
                    said_so = said("接口应答 {status}", status=answer.status_code)
                    raise SourceAway(source=self._source.code, why=said_so)
                told = answer.headers.get("Retry-After", "")
                wait = max(wait, min(float(told), _MOST_WAIT)) if told.isdecimal() else wait
            time.sleep(wait)
            wait = min(wait * 2, _MOST_WAIT)
        raise AssertionError

    @override
    def chunks(self) -> Iterator[Chunk]:
        number, page = 1, self._begun
        while page:
            self._note(page)
            yield chunk_of_objects([(number + place, row, b"") for place, row in enumerate(page)], self.names)
            number += len(page)
            page = next(self._pages, [])

    def _note(self, page: list[dict[str, object]]) -> None:
        if self._source.watermark:
            seen = (as_text(row.get(self._source.watermark)) or "" for row in page)
            self._last = max(self._last, *seen, key=lambda text: (len(text), text) if text.isdecimal() else (0, text))

    @override
    def proof(self) -> Proof:
        return Proof(watermark=self._last, bytes=self._bytes)

    @override
    def close(self) -> None:
        self._client.close()


def _at(answer: object, path: str) -> object:
    for name in filter(None, path.split(".")):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer
