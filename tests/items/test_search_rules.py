"""Reading a text, ranking, narrowing: rules of search without a database."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from shuzheng.base.kernel.fold import fold
from shuzheng.base.kernel.sound import SYLLABLES, cut_pinyin, merge_sound, sounds_of
from shuzheng.services.items.rules.facets import Profile, count_units, tally
from shuzheng.services.items.rules.matching import AnyOf, holds, terms_of_entry
from shuzheng.services.items.rules.naming import division_names, organization_names
from shuzheng.services.items.rules.question import (
    Lexicon,
    LexiconWord,
    near_match,
    phrases_of,
    read_question,
    read_text,
    strict_match,
)
from shuzheng.services.items.rules.ranking import Entry, entry_name, rank_entry, rank_near, suggest
from shuzheng.services.items.types import Facet, WordKind

CODE = "000125005002"


def make_word(phrase: str, **over: object) -> LexiconWord:
    return LexiconWord(**{"kind": WordKind.WORD, "phrase": phrase, **over})  # type: ignore[arg-type]


def make_lexicon(*words: LexiconWord) -> Lexicon:
    lexicon: dict[str, list[LexiconWord]] = {}
    for word in words:
        lexicon.setdefault(word.phrase, []).append(word)
    return lexicon


def make_entry(name: str, code: str = CODE, **over: object) -> Entry:
    bare, initials, sounds = entry_name(name)
    fields = {"about": "行业准营", "has_form": False, **over}
    return Entry(code, fold(name), bare, initials, sounds, **fields)  # type: ignore[arg-type]


FOOD = make_word("饭店", terms=("餐饮服务",), items=(CODE,))
KID = make_word("小孩", weak=True)
HILL = make_word("砚田", kind=WordKind.COUNTY, code="990122", name="砚田县")
READY = make_lexicon(FOOD, KID, HILL, make_word("补", terms=("补领",)))


def finds(text: str, name: str, rest: str = "", lexicon: Lexicon = READY) -> bool:
    match = strict_match(read_question(read_text(text), lexicon))
    return match is not None and holds(match, frozenset(terms_of_entry(CODE, name, rest)))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("开饭店", [("开", True), ("饭店", False)]),
        ("我想开个饭店需要什么手续", [("开个", False), ("饭店", False), ("手续", True)]),
        ("小孩 饭店", [("小孩", True), ("饭店", False)]),
        ("补身份证", [("补身份证", False)]),
        ("补", [("补", True)]),
        ("食品spjy", [("食品", False), ("spjy", False)]),
        ("12", [("12", True)]),
        ("！！", []),
        ("怎么办理？", [("办理", True)]),
    ],
)
def test_a_text_is_cut_into_known_phrases_filler_and_the_rest(text: str, parts: list[tuple[str, bool]]) -> None:
    assert [(part.text, part.weak) for part in read_question(read_text(text), READY).parts] == parts


def test_a_verb_is_taken_off_an_unknown_run_only_when_asked() -> None:
    split = read_question("补身份证", READY, split=True)
    assert [(part.text, part.weak) for part in split.parts] == [("补", True), ("身份证", False)]
    assert split.parts[0].terms == ("补领",)


def test_places_are_no_part_of_what_is_asked() -> None:
    question = read_question("砚田饭店", READY)
    assert question.places == (HILL,)
    assert question.whole == "饭店"


def test_an_organization_that_several_share_is_told_apart_by_the_county_named() -> None:
    here = make_word("城关镇", kind=WordKind.UNIT, code="a", county="990122")
    there = make_word("城关镇", kind=WordKind.UNIT, code="b", county="990102")
    lexicon = make_lexicon(HILL, here, there)
    assert read_question("砚田城关镇", lexicon).places == (HILL, here)
    assert read_question("城关镇", lexicon).places == ()


def test_an_implementing_code_names_its_item_and_its_organization() -> None:
    unit = make_word("11990102mby000096a", kind=WordKind.UNIT, code="11990102MBY000096A")
    question = read_question(read_text(f"11990102MBY000096A4{CODE}"), make_lexicon(unit))
    assert [part.text for part in question.parts] == [CODE]
    assert question.places == (unit,)


def test_the_lexicon_is_asked_for_every_piece_of_a_chunk() -> None:
    assert set(phrases_of("开饭店 ktv")) == {"开", "饭", "店", "开饭", "饭店", "开饭店", "ktv"}


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("餐饮许可", "食品经营许可（餐饮服务）", True),
        ("spjyxk", "食品经营许可（餐饮服务）", True),
        ("xkcy", "食品经营许可（餐饮服务）", False),
        ("canyin", "食品经营许可（餐饮服务）", True),
        ("can yin", "食品经营许可（餐饮服务）", True),
        ("饭店", "食品经营许可（餐饮服务）", True),
        ("砚田饭店", "食品经营许可（餐饮服务）", True),
        (CODE, "某事", True),
        (CODE[2:9], "某事", True),
        ("上学", "以上学校", True),
        ("上学", "上门教学", False),
        ("护照", "普通护照签发", True),
    ],
)
def test_what_a_text_finds(text: str, name: str, found: bool) -> None:
    assert finds(text, name) is found


CHINESE = st.text(alphabet="食品经营许可登记公积金户口迁移审批餐饮服务残疾人证", min_size=2, max_size=8)


@given(CHINESE, CHINESE, CHINESE)
def test_every_piece_of_a_name_finds_it(before: str, asked: str, after: str) -> None:
    assert finds(asked, before + asked + after, lexicon={})


@given(CHINESE, CHINESE)
def test_what_is_found_in_full_is_also_found_when_looking_near(text: str, name: str) -> None:
    question = read_question(text, {})
    terms = frozenset(terms_of_entry(CODE, name, ""))
    strict, near = strict_match(question), near_match(question)
    assert strict is not None
    assert near is not None
    assert not holds(strict, terms) or holds(near, terms)


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_ranked(text: str) -> None:
    question = read_question(read_text(text), READY, split=True)
    entry = make_entry("食品经营许可（餐饮服务）")
    if question.parts:
        assert rank_entry(entry, question).points >= 0
        rank_near(entry, question)
    assert isinstance(suggest(question, [entry]), tuple)
    assert not any(isinstance(m, AnyOf) and not m.parts for m in (strict_match(question), near_match(question)))


def rank(text: str, name: str, **over: object) -> int:
    return rank_entry(make_entry(name, **over), read_question(read_text(text), READY)).points  # type: ignore[arg-type]


def test_the_code_comes_first_then_the_name_itself_then_its_beginning_then_the_rest() -> None:
    ranks = [
        rank(CODE, "某事"),
        rank("公共场所卫生许可", "公共场所卫生许可"),
        rank("公共场所", "公共场所卫生许可"),
        rank("饭店", "食品经营许可（餐饮服务）"),
        rank("卫生许可", "公共场所卫生许可"),
        rank("场所许可", "公共场所卫生许可"),
        rank("行业准营", "公共场所卫生许可"),
        rank("营业执照", "公共场所卫生许可"),
    ]
    assert all(one > other for one, other in pairwise(ranks))


def test_what_only_the_papers_name_is_said_to_be_so() -> None:
    question = read_question("营业执照", {})
    assert rank_entry(make_entry("公共场所卫生许可"), question).papers_only
    assert not rank_entry(make_entry("电子营业执照下载"), question).papers_only


def test_the_usual_variant_comes_before_a_change_unless_the_change_is_asked_for() -> None:
    names = ["排污许可（新办）", "排污许可（变更）"]
    assert rank("排污许可", names[0]) > rank("排污许可", names[1])
    assert rank("排污许可变更", names[0]) < rank("排污许可变更", names[1])


@pytest.mark.parametrize(
    ("text", "meant"), [("驾使证", "驾驶证"), ("食品经管许可", "食品经营许可"), ("残急人证", "残疾人证")]
)
def test_a_slip_is_near_and_the_right_words_are_suggested(text: str, meant: str) -> None:
    entry = make_entry(f"办理{meant}（核发）")
    question = read_question(text, {})
    assert rank_near(entry, question) is not None
    assert suggest(question, [entry]) == (meant,)


def test_something_else_is_not_near() -> None:
    assert rank_near(make_entry("公共场所卫生许可"), read_question("房子漏水", {})) is None


PROFILES = [
    Profile("1", "婚姻", "民政局", "person", "online window", "990102:county 990122:county"),
    Profile("2", "婚姻", "民政局", "both", "window", "990100:city"),
    Profile("3", "养老", "民政局", "person", "online", "990102:town 990102:village 990122:town"),
]


def test_counts_say_what_a_choice_would_leave() -> None:
    done = tally(PROFILES, {Facet.COUNTY: frozenset({"990102"})})
    assert done.kept == ["1", "3"]
    assert done.counts[Facet.THEME] == Counter({"婚姻": 1, "养老": 1})
    assert done.counts[Facet.COUNTY] == Counter({"990102": 2, "990122": 2, "990100": 1})
    assert done.counts[Facet.LEVEL] == Counter({"county": 1, "town": 1, "village": 1})


values = {
    Facet.APPLICANT: ("person", "firm"),
    Facet.CHANNEL: ("online", "window"),
    Facet.COUNTY: ("990100", "990102", "990122"),
    Facet.LEVEL: ("city", "county", "town", "village"),
    Facet.THEME: ("婚姻", "养老"),
}


@given(st.fixed_dictionaries({facet: st.frozensets(st.sampled_from(of), max_size=1) for facet, of in values.items()}))
def test_choosing_a_value_leaves_as_many_as_its_count_says(chosen: dict[Facet, frozenset[str]]) -> None:
    done = tally(PROFILES, chosen)
    for facet, offered in values.items():
        for value in offered:
            narrowed = tally(PROFILES, {**chosen, facet: frozenset({value})})
            assert len(narrowed.kept) == done.counts[facet][value]


def test_units_are_counted_by_what_they_implement_of_the_hits() -> None:
    units = {"a": frozenset({"1", "2"}), "b": frozenset({"9"})}
    assert count_units(units, ["1", "3"]) == Counter({"a": 1})
    assert tally(PROFILES, {}, of_units=frozenset({"3"})).kept == ["3"]


def test_places_and_bodies_have_the_names_people_use() -> None:
    assert division_names("砚田县") == ("砚田县", "砚田")
    assert division_names("东市") == ("东市",)
    above = division_names("砚田县")
    assert organization_names("砚田县市场监管局", "砚田县市场监督管理局", above) == (
        "砚田县市场监管局", "砚田县市场监督管理局", "砚田市场监管局",
    )  # fmt: skip
    assert "城关镇" in organization_names("砚田县城关镇政府", "砚田县城关镇人民政府", above)


def test_letters_are_cut_into_syllables_the_longest_first() -> None:
    assert cut_pinyin("xianzhang")[0] == ("xian", "zan")
    assert cut_pinyin("xq") == ()
    assert cut_pinyin("xianxianxianxianxianxianq") == ()


@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=1, max_size=4))
def test_syllables_put_together_are_found_again_or_there_are_too_many_ways(syllables: list[str]) -> None:
    cuts = cut_pinyin("".join(syllables))
    assert tuple(map(merge_sound, syllables)) in cuts or len(cuts) > 1


@given(st.text(max_size=30))
def test_there_is_one_sound_for_each_character(text: str) -> None:
    bare, initials, sounds = entry_name(text)
    assert len(initials) == len(bare) == len(sounds.split(" ") if bare else [])
    assert len(sounds_of(bare)) == len(bare)
