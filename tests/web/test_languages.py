"""The tables of sentences: each whole, none besides them, traditional without a simplified sign."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest
from opencc import OpenCC

from jianbao.web.languages import ENGLISH, LANGUAGES, SIMPLIFIED, TRADITIONAL, Language, nearest
from jianbao.web.languages.strings import STRINGS, Number
from jianbao.web.pages.dates import day, period

HAN = "[\u4e00-\u9fff]+"
FAMILIES = (
    *("sort_", "mode_", "kind_", "facet_", "error_", "notice_"),
    *("message_", "name_", "way_", "meta_", "timeline_s"),
)
"""Names that are put together where they are used."""

PAGE = {"第", "版"}
NOT_SENTENCES = {
    "citation.py": PAGE,
    "record.py": PAGE,
    "samples.py": None,
    "openapi_examples.py": None,
}
"""Files with Chinese that is not ours: how articles name their pages, and what samples say."""

every_language = pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda each: each.tag)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@every_language
def test_every_table_has_the_same_sentences_with_the_same_gaps(spoken: Language) -> None:
    gaps = {name: placeholders(text) for name, text in SIMPLIFIED.strings.items()}
    assert {name: placeholders(text) for name, text in spoken.strings.items()} == gaps
    assert all(text.strip() for text in spoken.strings.values())
    assert len(spoken.strings["months"].split()) == 12


def sources(root: Path) -> str:
    """All templates and code that take sentences from a table."""
    files = [*(root / "web").rglob("*.html"), *(root / "web").rglob("*.py")]
    return "\n".join(file.read_text("utf-8") for file in files)


def test_every_sentence_in_the_table_is_used_and_every_used_one_is_there(root: Path) -> None:
    text = sources(root) + (root / "web" / "static" / "jianbao.js").read_text("utf-8")
    patterns = (r"\bt\.(\w+)", r'STRINGS\["(\w+)"\]', r'say\("(\w+)"', r'"(bad_(?!query)\w+)"')
    named = {name for pattern in patterns for name in re.findall(pattern, text)}
    assert named <= set(STRINGS)
    unused = [name for name in STRINGS if name not in named and not name.startswith(FAMILIES)]
    assert unused == []


def tables_of_the_script(script: str) -> dict[str, dict[str, str]]:
    found = re.findall(r'^  "([\w-]+)": \{\n(.*?)^  \},$', script, re.MULTILINE | re.DOTALL)
    return {
        tag: dict(re.findall(r'^    (\w+): "(.*)",$', table, re.MULTILINE)) for tag, table in found
    }


def test_the_sentences_of_the_script_are_those_of_the_tables(root: Path) -> None:
    script = (root / "web" / "static" / "jianbao.js").read_text("utf-8")
    tables = tables_of_the_script(script)
    assert list(tables) == [each.tag for each in LANGUAGES]
    for each in LANGUAGES:
        words = tables[each.tag]
        assert len(words) > 10
        assert words == {name: each.strings[name] for name in words}
        assert set(words) == set(re.findall(r'say\("(\w+)"', script))


@pytest.mark.parametrize("name", ["jianbao.js", "suggest.js", "matches.js", "embed.js"])
def test_no_sentence_of_a_script_stands_outside_the_tables(root: Path, name: str) -> None:
    script = (root / "web" / "static" / name).read_text("utf-8")
    rest = re.sub(r"^const TABLES = \{.*?^\};$", "", script, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(HAN, rest) == []


def test_no_sentence_of_a_template_stands_outside_the_tables(root: Path) -> None:
    for file in (root / "web" / "templates").rglob("*.html"):
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", file.read_text("utf-8"), flags=re.S)
        words = re.findall(HAN, file.read_text("utf-8"))
        words += re.findall(r">\s*([A-Za-z][A-Za-z ]+)", re.sub(r"<script.*?</script>", "", text))
        assert words == [], f"{file.name}: {words}"


def test_no_chinese_sentence_of_the_code_stands_outside_the_tables(root: Path) -> None:
    tables = root / "web" / "languages"
    for file in (root / "web").rglob("*.py"):
        if file.parent == tables and file.name != "strings.py":
            continue
        allowed = NOT_SENTENCES.get(file.name, set[str]())
        code = re.sub(r'""".*?"""|#.*', "", file.read_text("utf-8"), flags=re.DOTALL)
        words = set(re.findall(HAN, code))
        assert allowed is None or words <= allowed, file.name


def test_no_traditional_sentence_has_a_simplified_character() -> None:
    converter = OpenCC("s2tw")
    simplified = {
        name: text for name, text in TRADITIONAL.strings.items() if converter.convert(text) != text
    }
    assert simplified == {}


def test_traditional_sentences_use_the_words_of_their_readers() -> None:
    text = "\n".join(TRADITIONAL.strings.values())
    for word in ("檢索", "篩選", "作者", "欄目", "版次", "資料", "匯出", "連結", "伺服器", "字元"):
        assert word in text
    for word in ("數據", "默認", "打開", "鏈接", "導出", "服務器", "字符", "信息", "點擊", "日誌"):
        assert word not in text
    assert "“" not in text and "”" not in text


def test_english_sentences_have_no_chinese_but_examples() -> None:
    kept = {"seal", "cite_others"}
    found = {
        name
        for name, text in ENGLISH.strings.items()
        if re.search(HAN, text) and not name.endswith("_example")
    }
    assert found == kept


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [
        ("zh", SIMPLIFIED),
        ("zh-CN", SIMPLIFIED),
        ("zh-SG", SIMPLIFIED),
        ("zh-Hans-HK", SIMPLIFIED),
        ("ZH_tw", TRADITIONAL),
        ("zh-HK", TRADITIONAL),
        ("zh-Hant", TRADITIONAL),
        ("yue", TRADITIONAL),
        ("en-GB", ENGLISH),
        ("fr", None),
        ("zhx", None),
        ("", None),
    ],
)
def test_a_tag_asks_for_the_nearest_language(tag: str, spoken: Language | None) -> None:
    assert nearest(tag) == spoken


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 results"), (1, "1 result"), (1234, "1,234 results")]
)
def test_a_number_has_its_form(number: int, said: str) -> None:
    assert ENGLISH.strings["total"].format(count=Number(number)) == said
    assert SIMPLIFIED.strings["total"].format(count=Number(number)) == f"共 {number:,} 条结果"


def test_outside_a_request_the_first_language_is_spoken() -> None:
    strings: Mapping[str, str] = STRINGS
    assert dict(strings) == dict(LANGUAGES[0].strings)
    assert day("2024-12-30") == "2024年12月30日" and day("2024-13-01") == "2024-13-01"
    assert period("2024-02-01", "2024-02-29") == "2024年2月"
