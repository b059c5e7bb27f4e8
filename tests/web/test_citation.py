"""An article cited: by GB/T 7714—2015, BibTeX and RIS."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from jianbao.indexer import Article
from jianbao.web import create_app
from jianbao.web.formats.citation import Citation, bibtex, gbt7714, ris
from tests.web.conftest import HandSearcher

STORY = Article(
    id="a/1",
    title="石桥修缮完工",
    body="正文",
    author=("陆明远",),
    date="2024-12-30",
    source="城东日报",
    page="3",
)
WEB = "https://news.example/a?b=1"
HERE = "http://jianbao.example/articles/a/1"


def cited(**changes: object) -> Citation:
    """The story with other facts, read on a fixed day."""
    return Citation(replace(STORY, **changes), HERE, date(2026, 5, 6))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reference"),
    [
        ({}, "陆明远. 石桥修缮完工[N]. 城东日报, 2024-12-30(3)."),
        ({"page": "第A04版"}, "陆明远. 石桥修缮完工[N]. 城东日报, 2024-12-30(A04)."),
        ({"page": "要闻"}, "陆明远. 石桥修缮完工[N]. 城东日报, 2024-12-30(要闻)."),
        ({"author": ()}, "石桥修缮完工[N]. 城东日报, 2024-12-30(3)."),
        ({"page": "", "issue": "第8期"}, "陆明远. 石桥修缮完工[N]. 城东日报, 2024-12-30."),
        ({"date": ""}, "陆明远. 石桥修缮完工[N]. 城东日报(3)."),
        (
            {"url": WEB},
            f"陆明远. 石桥修缮完工[N/OL]. 城东日报, 2024-12-30(3)[2026-05-06]. {WEB}.",
        ),
        (
            {"author": ("甲", "乙", "丙")},
            "甲, 乙, 丙. 石桥修缮完工[N]. 城东日报, 2024-12-30(3).",
        ),
        (
            {"author": ("甲", "乙", "丙", "丁")},
            "甲, 乙, 丙, 等. 石桥修缮完工[N]. 城东日报, 2024-12-30(3).",
        ),
        (
            {"page": ""},
            f"陆明远. 石桥修缮完工[EB/OL]. 城东日报, 2024(2024-12-30)[2026-05-06]. {HERE}.",
        ),
        (
            {"source": "", "url": WEB},
            f"陆明远. 石桥修缮完工[EB/OL]. (2024-12-30)[2026-05-06]. {WEB}.",
        ),
        (
            {"source": "", "date": "二月里", "author": (), "title": " "},
            f"（无标题）[EB/OL]. [2026-05-06]. {HERE}.",
        ),
        ({"title": "一行\n两行"}, "陆明远. 一行 两行[N]. 城东日报, 2024-12-30(3)."),
    ],
)
def test_a_reference_holds_what_is_known(changes: dict[str, object], reference: str) -> None:
    assert gbt7714(cited(**changes)) == reference


def fields(entry: str) -> dict[str, str]:
    """The fields of a BibTeX entry, one a line."""
    return dict(re.findall(r"^  (\w+) = \{(.*)\},$", entry, re.MULTILINE))


def test_bibtex_of_a_newspaper_and_of_a_web_page() -> None:
    paper = bibtex(cited(author=("陆明远", "沈一帆")))
    assert paper.startswith("@article{jianbao-")
    assert fields(paper) == {
        "author": "{陆明远} and {沈一帆}",
        "title": "{石桥修缮完工}",
        "journal": "城东日报",
        "date": "2024-12-30",
        "year": "2024",
        "month": "12",
        "pages": "3",
        "url": HERE,
        "urldate": "2026-05-06",
        "langid": "chinese",
    }
    page = bibtex(cited(page="", url=WEB))
    assert page.startswith("@misc{") and fields(page)["url"] == WEB
    assert fields(page)["publisher"] == "城东日报"


def test_signs_that_tex_reads_are_kept_from_it() -> None:
    entry = bibtex(cited(title="50% & {a}_b \\input x", source="A#1"))
    assert (
        fields(entry)["title"]
        == r"{50\% \& \textbraceleft{}a\textbraceright{}\_b \textbackslash{}input x}"
    )
    assert fields(entry)["journal"] == r"A\#1"


@given(st.text(), st.text(), st.text())
def test_braces_of_any_entry_pair_and_lines_never_break(title: str, name: str, url: str) -> None:
    found = cited(title=title, author=(name,), source=name, url=f"https://x/{url}")
    entry, depth = bibtex(found), 0
    for sign in entry:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert len(entry.split("\n")) == len(fields(entry)) + 3
    record = ris(found).split("\r\n")
    assert all(re.match("[A-Z][A-Z0-9]  - ", line) for line in record[:-1])
    assert not any("\n" in line or "\r" in line for line in record)


def test_ris_of_a_newspaper() -> None:
    assert ris(cited(author=("陆明远", "沈一帆"), tags=("桥",))).split("\r\n") == [
        "TY  - NEWS",
        f"ID  - {cited().key}",
        "TI  - 石桥修缮完工",
        "AU  - 陆明远",
        "AU  - 沈一帆",
        "T2  - 城东日报",
        "PY  - 2024",
        "DA  - 2024/12/30",
        "SP  - 3",
        "KW  - 桥",
        "LA  - zh",
        f"UR  - {HERE}",
        "Y2  - 2026/05/06",
        "ER  - ",
        "",
    ]
    assert ris(cited(page="")).startswith("TY  - ELEC")


@pytest.mark.parametrize("kind", ["bib", "ris"])
def test_an_article_leads_to_its_files(client: FlaskClient, kind: str) -> None:
    html = client.get("/articles/daily/2021.txt%231").text
    found = re.search(f'<a href="([^"]*[.]{kind})"', html)
    assert found
    answer = client.get(found[1])
    assert answer.status_code == 200 and "城东图书馆第1期读书会开讲" in answer.text
    saved = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf'attachment; filename="jianbao-[0-9a-f]+\.{kind}"', saved)
    assert "http://localhost/articles/daily/2021.txt%231" in answer.text
    assert client.get(f"/articles/none.{kind}").status_code == 404


def test_an_article_named_like_such_a_file_is_still_read() -> None:
    client = create_app(HandSearcher((replace(STORY, id="notes.bib"),))).test_client()
    assert "jb-clipping" in client.get("/articles/notes.bib").text
    assert client.get("/articles/notes.bib.bib").text.startswith("@article")


def test_an_article_and_the_file_of_another_never_share_an_address() -> None:
    plain, odd = replace(STORY, id="x", title="甲篇"), replace(STORY, id="x.bib", title="乙篇")
    client = create_app(HandSearcher((plain, odd))).test_client()
    assert '<h1><span lang="zh">乙篇' in client.get("/articles/x.bib").text
    for article, title in (("x", "甲篇"), ("x.bib", "乙篇")):
        html = client.get(f"/articles/{article}").text
        found = re.search('<a href="([^"]*/citations/[^"]*[.]bib)"', html)
        assert found and title in client.get(found[1]).text
    assert "TI  - 甲篇" in client.get("/articles/x.ris").text


def test_an_article_shows_its_reference(client: FlaskClient) -> None:
    html = client.get("/articles/daily/2021.txt%231").text
    shown = re.search('class="jb-cite-text" lang="zh">([^<]*)<', html)
    assert (
        shown
        and shown[1] == "陆明远, 沈一帆. 城东图书馆第1期读书会开讲[N]. 城东日报, 2021-02-11(2)."
    )


def test_on_paper_stand_the_text_and_the_reference_and_nothing_to_click(
    chromium: Browser, site: str
) -> None:
    tab = chromium.new_page(color_scheme="dark")
    tab.goto(f"{site}/articles/daily/2021.txt%231?q=图书馆")
    tab.emulate_media(media="print")
    assert tab.is_visible(".jb-body") and tab.is_visible(".jb-cite-text")
    for gone in (".jb-form", ".jb-aside", ".jb-back", ".jb-cite-files"):
        assert not tab.is_visible(gone)
    paper, ink = tab.evaluate(
        "[getComputedStyle(document.querySelector('.jb-clipping')).backgroundColor,"
        " getComputedStyle(document.querySelector('.jb-body')).color]"
    )
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    assert tab.pdf().startswith(b"%PDF")
    tab.close()
