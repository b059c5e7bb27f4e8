"""Made-up articles and answers that bring every piece of the interface into every state."""

from __future__ import annotations

from typing import Final

from jianbao.indexer import (
    Article,
    ArticleView,
    Bar,
    FacetCount,
    Notice,
    ResultHit,
    ResultPage,
    SearchRequest,
    Snippet,
    Suggestion,
    Wider,
    WordCount,
)
from jianbao.web.pages.dates import whole_period

QUERY: Final = "石桥"
SENTENCE: Final = "城东石桥修缮完工，两岸居民又可以从石桥上走过，桥头立起了新的说明牌。"
LONG_TITLE: Final = (
    "城东石桥修缮工程历时三年完工纪实：从测绘、选石到合龙，工匠与居民的回忆，" * 6
)[:200]

PLAIN: Final = Article(
    id="sample/1",
    title="城东石桥修缮完工",
    body="\n".join((SENTENCE, "修缮用了三年，石料取自原来的山场。" * 6, SENTENCE * 3)),
    author=("陆明远", "沈一帆"),
    date="2024-03-12",
    source="城东日报",
    issue="第 1203 期",
    page="3",
    column="地方新闻",
    url="https://news.example/2024/03/12/bridge",
    tags=("桥梁", "文物"),
    meta={
        "kicker": "三年修缮，一朝通行",
        "subtitle": "——记城东石桥的第四次大修",
        "section": "要闻",
    },
)
PICTURE: Final = Article(
    id="sample/2", title="雪后的石桥", body="石桥上的积雪。", date="2023-12-30", kind="picture"
)
GUIDE: Final = Article(
    id="sample/3", title="今日导读", body="石桥修缮完工　3版", source="城东日报", kind="guide"
)
UNTITLED: Final = Article(id="sample/4", title="", body=SENTENCE)
LONG: Final = Article(
    id="sample/5", title=LONG_TITLE, body=SENTENCE * 8, date="2024-03-13", source="河港晚报"
)
UNBROKEN: Final = Article(
    id="sample/6",
    title="https://archive.example/" + "a-very-long-address-" * 6,
    body="x" * 300 + QUERY,
    author=tuple(f"作者{number}" for number in range(1, 13)),
    date="约1932年",
    source="河港晚报（海外版）周末增刊",
    page="A12",
    column="读者来信与更正",
)
ARTICLES: Final = (PLAIN, PICTURE, GUIDE, UNTITLED, LONG, UNBROKEN)


def marked(text: str, words: str = QUERY) -> Snippet:
    """The text with every place of the words marked."""
    starts = [at for at in range(len(text)) if text.startswith(words, at)]
    return Snippet(text, tuple((at, at + len(words)) for at in starts))


def hit(article: Article, snippets: tuple[Snippet, ...] | None = None) -> ResultHit:
    """An article as it is found, with a snippet of its own unless others are given."""
    shown = (marked(article.body[:120]),) if snippets is None else snippets
    return ResultHit(article, 7.5, marked(article.title), shown)


LONG_MARKS: Final = hit(
    LONG, (Snippet(SENTENCE * 3, ((0, 60), (70, 100))), marked(SENTENCE), marked(SENTENCE))
)

YEARS: Final = tuple(Bar(*whole_period(str(2015 + at)), 12 + at * at) for at in range(10))
GAP: Final = (Bar(*whole_period("1932"), 3), *YEARS)
MONTHS: Final = tuple(
    Bar(*whole_period(f"2024-{at:02}"), (at * 37) % 90 + 1) for at in (1, 2, 3, 5, 8, 12)
)
DAYS: Final = tuple(Bar(f"2024-03-{at:02}", f"2024-03-{at:02}", at) for at in (1, 2, 12, 13, 31))

FACETS: Final = {
    "source": tuple(FacetCount(f"城东日报{at or ''}", 900 - 55 * at) for at in range(16)),
    "year": tuple(FacetCount(str(2015 + at), 12 + at * at) for at in range(5)),
    "page": (FacetCount("1", 40), FacetCount("A12", 7), FacetCount("10", 3)),
    "author": (FacetCount("陆明远", 11), FacetCount("一个名字写得非常非常长的读者来信编辑小组", 2)),
    "kind": (FacetCount("article", 1200), FacetCount("picture", 30), FacetCount("guide", 4)),
}
CHOSEN: Final = (("source", "城东日报2"), ("source", "城东日报5"), ("kind", "picture"))


ASKED: Final = SearchRequest(QUERY)


def found(
    total: int = 1234,
    *,
    request: SearchRequest = ASKED,
    hits: tuple[ResultHit, ...] = (),
    histogram: tuple[Bar, ...] = YEARS,
    notice: Notice | None = None,
    suggestions: tuple[str, ...] = (),
    words: tuple[WordCount, ...] = (),
    wider: tuple[Wider, ...] = (),
) -> ResultPage:
    """An answer with so many hits; the histogram is left out where it shows more."""
    dated = sum(bar.count for bar in histogram)
    more = request.page * request.size < total
    return ResultPage(
        request=request,
        total=total,
        took_ms=3.21,
        generation="000001",
        hits=hits,
        facets=FACETS if total > 1 else {},
        histogram=histogram if 1 < dated <= total else (),
        suggestions=suggestions,
        notice=notice,
        next_page=request.page + 1 if more else None,
        words=words,
        wider=wider,
    )


REFINED: Final = SearchRequest(
    QUERY,
    mode="all",
    date_from="2024-03-01",
    date_to="2024-03-31",
    filters=CHOSEN,
    excluded=(("author", "陆明远"),),
)
NOTHING: Final = found(
    0,
    request=SearchRequest("石桥 “修缮完功” 驼铃", filters=(("source", "城东日报"),)),
    words=(
        WordCount("石桥", False, 1234),
        WordCount("修缮完功", True, 0, ("修缮完工",)),
        WordCount("驼铃", False, 0, ("驼队", "铃声")),
    ),
    wider=(
        Wider(SearchRequest("石桥 “修缮完功” 驼铃", mode="any"), 1240),
        Wider(SearchRequest("石桥", filters=(("source", "城东日报"),)), 31),
        Wider(SearchRequest("石桥 “修缮完工” 驼铃"), 2),
    ),
)
NOTHING_CHOSEN: Final = found(0, request=SearchRequest("", filters=CHOSEN, date_from="2024-03-01"))

MEANT: Final = ("石桥镇", "十桥", "石礁")
SUGGESTIONS: Final = (
    Suggestion("石桥", "word", ((0, 2),)),
    Suggestion("石桥镇", "word", ((0, 2),)),
    Suggestion("城东石桥修缮完工", "title", ((2, 4),), "sample/1"),
    Suggestion(LONG_TITLE, "title", ((2, 4),), "sample/5"),
)

READING: Final = ArticleView(
    article=PLAIN,
    title=marked(PLAIN.title),
    paragraphs=tuple(marked(text) for text in PLAIN.body.split("\n")),
    neighbours=(GUIDE, PICTURE, LONG),
    generation="000001",
    related=(LONG, UNBROKEN, UNTITLED),
)
READING_LONG: Final = ArticleView(LONG, marked(LONG.title), (marked(LONG.body),), (), "000001")
