"""Texts that are cheap to write and may be dear to read: every shape grows to any size."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Maker = Callable[[int], bytes]
"""Gives about so many bytes of a shape."""

PROSE = "江水向东流去，两岸的灯火一盏一盏亮起来。"


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of hostile file: its name, the suffix it is read under, and how it is made."""

    name: str
    suffix: str
    make: Maker


def shapes() -> Iterator[Shape]:
    """All shapes: of plain text, Markdown, HTML, JSON, tables, front matter, bytes and packing."""
    for suffix in (".txt", ".md"):
        for name, make in (*LINES.items(), *NEWSPAPER.items()):
            yield Shape(name, suffix, make)
    for suffix, kinds in (
        (".md", MARKDOWN),
        (".html", HTML),
        (".json", JSON),
        (".jsonl", JSON),
        (".csv", TABLES),
        (".txt", BYTES),
        (".html", BYTES),
        (".csv", BYTES),
    ):
        for name, make in kinds.items():
            yield Shape(name, suffix, make)
    for name, suffix in (("pages", ".txt"), ("pages", ".md"), ("paragraphs", ".html")):
        yield Shape(f"packed {name}", suffix + ".gz", _packed(name, suffix))
    yield Shape("bomb", ".txt.gz", lambda n: gzip.compress(b"\n" * n, 1))
    yield Shape("bomb", ".jsonl.gz", lambda n: gzip.compress(b"\n" * n, 1))


def repeated(*units: str, head: str = "", tail: str = "") -> Maker:
    """A shape of `units`, one after the other, between a head and a tail."""

    def make(size: int) -> bytes:
        unit = "".join(units)
        count = max(1, size // len(unit.encode()))
        return (head + unit * count + tail).encode()

    return make


def nested(opening: str, inside: str, closing: str) -> Maker:
    """A shape of openings, something inside, and as many closings."""

    def make(size: int) -> bytes:
        count = max(1, size // len((opening + closing).encode()))
        return (opening * count + inside + closing * count).encode()

    return make


def numbered(unit: str, head: str = "", tail: str = "") -> Maker:
    """A shape of `unit`, with a number of its own in each place of `{}`."""

    def make(size: int) -> bytes:
        count = max(1, size // len(unit.encode()))
        return (head + "".join(unit.replace("{}", str(at)) for at in range(count)) + tail).encode()

    return make


def _sentences(size: int) -> bytes:
    chance = random.Random(7)
    han = [chr(code) for code in range(0x4E00, 0x5E00)]
    return "".join(chance.choices(han, k=size // 3)).encode()


def _wide(size: int) -> bytes:
    return (PROSE * (size // 40 + 1)).encode("utf-16-le")[: size & ~1]


def _noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def _high(size: int) -> bytes:
    return bytes(random.Random(7).choices(range(0x81, 0xFF), k=size))


def _packed(name: str, suffix: str) -> Maker:
    maker = {"pages": NEWSPAPER["stories"], "paragraphs": HTML["paragraphs"]}[name]
    return lambda size: gzip.compress(maker(size), 1)


MAST = "江城日报\n2024年12月30日 星期一 第4321期 CN 11-0001\n第1版\n\n"
STORY = "石桥修复工程启动\n本报讯(记者 王小明) 石桥修复工程今天启动。工程预计明年完成。\n\n"

LINES: dict[str, Maker] = {
    "short lines": repeated("短\n"),
    "short lines apart": repeated("短\n\n"),
    "headlines": repeated("石桥修复工程启动\n"),
    "headlines apart": repeated("石桥修复工程启动\n\n"),
    "one line": _sentences,
    "one character": repeated("短"),
    "one digit": repeated("1"),
    "one Latin word": repeated("a"),
    "spaces": repeated(" ", tail="\n文"),
    "spaces before text": repeated(" ", tail="文"),
    "spaces after a sign": repeated(" ", head="■", tail="■"),
    "wide spaces": repeated("　", head="题", tail="文"),
    "blank lines": repeated("\n", head="题", tail="文"),
    "blank lines of spaces": repeated(" \n", head="题\n", tail="文"),
    "carriage returns": repeated("\r", head="题", tail="文"),
    "line separators": repeated("\u2028文"),
    "NULs": repeated("\0文"),
    "round brackets": repeated("("),
    "round brackets closed": repeated("()"),
    "square brackets": repeated("["),
    "boxes": repeated("【"),
    "boxes closed": repeated("【】"),
    "quotation marks": repeated("“"),
    "stars": repeated("*"),
    "stars and letters": repeated("*a "),
    "underscores": repeated("_"),
    "stars by three": repeated("***短 "),
    "rules": repeated("---\n"),
    "equals under lines": repeated("短\n===\n"),
    "signs": repeated("■短\n"),
    "one sign": repeated("■"),
    "hashes": repeated("#"),
    "labels": repeated("作者："),
    "label lines": repeated("作者：王\n"),
    "fields in one line": repeated("来源：某报　"),
    "commas": repeated("，\n"),
    "sentences": repeated(PROSE),
    "paragraphs": repeated(PROSE + "\n"),
    "dates": repeated("2024年12月30日\n"),
    "dates in one line": repeated("2024-12-30 "),
    "combining marks": repeated("é"),
}
"""Lines of any text, and runs without an end."""

NEWSPAPER: dict[str, Maker] = {
    "stories": repeated(STORY, head=MAST),
    "stories without blanks": repeated(STORY.strip() + "\n", head=MAST),
    "short lines under a masthead": repeated("短\n", head=MAST),
    "headlines over one story": repeated("石桥修复工程启动\n\n", head=MAST, tail=STORY),
    "leads": repeated("本报讯(记者 王小明) 石桥。\n", head=MAST),
    "leads in one line": repeated("本报讯(记者 王小明) ", head=MAST),
    "bylines": repeated("记者 王小明\n", head=MAST, tail=STORY),
    "bylines apart": repeated("记者 王小明\n\n", head=MAST, tail=STORY),
    "bylines and text": repeated("记者 王小明\n江水向东流去\n", head=MAST),
    "bylines after text": repeated(
        "(记者 王小明)\n", head=f"{MAST}石桥修复\n\n{PROSE}\n", tail=STORY
    ),
    "names": numbered("(王小明 李{})\n", head=f"{MAST}石桥修复\n\n{PROSE}\n"),
    "captions": repeated("图为石桥。 王小明 摄\n", head=MAST),
    "captions open": repeated("图为石桥\n", head=MAST),
    "captions open, long": repeated("图为石桥的两岸在修复之后\n石桥两岸\n", head=MAST),
    "credits": repeated("新华社记者 王小明 摄\n", head=MAST),
    "guide titles": repeated("石桥修复\n", head=f"{MAST}本期导读\n", tail="第2版\n"),
    "guide entries": repeated("石桥修复 第2版\n", head=f"{MAST}本期导读\n"),
    "guide entries, no heading": repeated("石桥修复 2版\n石桥\n", head=MAST),
    "guide words": repeated("版\n", head=MAST),
    "guide headings": repeated("本期导读\n", head=MAST),
    "guide dots": repeated("…", head=f"{MAST}本期导读\n"),
    "pages alone": repeated("第2版\n", head=MAST),
    "mastheads": repeated(MAST),
    "masthead names": repeated("江城日报\n", head=MAST),
    "masthead fields": repeated("责编 王小明 美编 李小红\n", head=MAST),
    "weak fields": repeated("2024年12月30日\n", head=MAST, tail=STORY),
    "continued": repeated("(下转第2版)\n", head=f"{MAST}石桥修复\n本报讯 石桥。\n"),
    "continued stories": repeated(
        "石桥修复\n本报讯 石桥修复开始。(下转第2版)\n\n(上接第2版)石桥修复完成。\n\n", head=MAST
    ),
    "wrapped": repeated("江水向东流去两岸的灯火一盏\n", head=MAST),
    "one long headline": repeated("## 石桥修复\n", head=f"{MAST}\n", tail=STORY),
    "subheads": repeated("一、石桥\n江水向东流去，两岸。\n", head=f"{MAST}石桥修复\n\n{PROSE}\n"),
    "one story": repeated(
        "江水向东流去，两岸的灯火亮起来，\n", head=f"{MAST}石桥\n本报讯 石桥。\n"
    ),
    "boxed": repeated("【石桥修复的工程】江水向东流去，两岸的灯火。\n", head=MAST),
    "pictures": repeated("![石桥](a.jpg)\n", head=MAST),
    "pictures open": repeated("![石桥](", head=MAST),
    "tables": repeated("| 石桥 | 12 | 30 |\n", head=MAST),
}
"""Pages, with thousands of what a page has a few of."""

MARKDOWN: dict[str, Maker] = {
    "lists, nested": lambda n: "".join("  " * at + "- 文\n" for at in range(int(n**0.5))).encode(),
    "lists on one line": repeated("- ", tail="文"),
    "lists on many lines": repeated("- - - - 文\n"),
    "numbers on one line": repeated("1. ", tail="文"),
    "quotes": repeated(">", tail="文"),
    "quotes on many lines": repeated(">>>>>>>>文\n"),
    "quotes and lists": repeated("> - ", tail="文"),
    "quotes, long": lambda n: (">" * 2000 + "文\n").encode() * max(1, n // 2003),
    "emphasis open": repeated("*a"),
    "emphasis open, strong": repeated("**a "),
    "emphasis closed": repeated("a* "),
    "emphasis mixed": repeated("*a_ "),
    "emphasis, nested": nested("*a ", "文", " a*"),
    "strikes": repeated("~~a"),
    "strikes open": repeated("~~a "),
    "links open": repeated("[a](", tail="文"),
    "links open, angle": repeated("[a](<b"),
    "links": repeated("[a](b) "),
    "links, nested": nested("[", "文", "](a)"),
    "brackets": nested("[", "文", "]"),
    "pictures": nested("![", "文", "](a)"),
    "references": numbered("[a{}]: b\n"),
    "references used": numbered("[a{}] ", tail="\n\n[a1]: b\n"),
    "references long": repeated("[a]: <b\n"),
    "code marks": lambda n: " ".join("`" * at for at in range(1, int((2 * n) ** 0.5))).encode(),
    "code open": repeated("`a "),
    "fences": repeated("```\n文\n"),
    "fence open": repeated("文\n", head="```\n"),
    "angles": repeated("<"),
    "angles and letters": repeated("<a "),
    "autolinks": repeated("<http://a"),
    "comments open": repeated("a <!-- "),
    "instructions open": repeated("a <? "),
    "declarations open": repeated("a <!A "),
    "CDATA open": repeated("a <![CDATA[ "),
    "HTML blocks": repeated("<div>\n\n"),
    "HTML blocks, one": repeated("<div>\n"),
    "HTML in line": repeated("a <b> "),
    "entities": repeated("&amp;"),
    "entities open": repeated("&"),
    "backslashes": repeated("\\"),
    "backslashes and marks": repeated("\\*"),
    "tables": repeated("| a | b |\n", head="| a | b |\n|---|---|\n"),
    "table wide": lambda n: ("|a" * (n // 5) + "|\n" + "|-" * (n // 5) + "|\n|b|\n").encode(),
    "table wide and long": lambda n: (
        "|a" * int(n**0.5) + "|\n" + "|-" * int(n**0.5) + "|\n" + "b\n" * (n // 2)
    ).encode(),
    "tables, many": repeated("|a|\n|-|\n\n"),
    "headings": repeated("# 文\n"),
    "headings of marks": repeated("# "),
    "headings under": repeated("文\n--\n"),
    "paragraph": repeated("文\n", head="# 题\n\n"),
    "hard breaks": repeated("文  \n", head="# 题\n\n"),
    "tabs": repeated("\t"),
    "indents": lambda n: "".join(" " * (at % 400) + "文\n" for at in range(n // 200)).encode(),
    "front matter open": repeated("a: b\n", head="---\n"),
    "front matter long": repeated("a: b\n", head="---\n", tail="---\n文\n"),
    "front matter bomb": lambda n: _laughs().encode() + b"\xe6\x96\x87" * (n // 3),
    "front matter list bomb": lambda n: _laughs("author").encode() + b"\xe6\x96\x87" * (n // 3),
    "front matter cycle": lambda n: b"---\na: &a [*a]\nauthor: *a\n---\n" + b"a" * n,
    "front matter cycle of maps": lambda n: b"---\nauthor: &a {name: *a}\n---\n" + b"a" * n,
    "front matter nested": lambda n: (
        f"---\nauthor: {'[' * min(n, 30000)}\n---\n" + "文" * (n // 3)
    ).encode(),
    "front matter nested, closed": lambda n: (
        f"---\na: {'[' * min(n // 2, 30000)}{']' * min(n // 2, 30000)}\n---\n文"
    ).encode(),
    "front matter keys": lambda n: (
        "---\n" + "".join(f"a{at}: b\n" for at in range(min(n, 60000) // 8)) + "---\n文"
    ).encode(),
    "front matter merges": lambda n: (
        "---\na0: &a0 {b: c}\n"
        + "".join(
            f"a{at}: &a{at} {{<<: [{', '.join([f'*a{at - 1}'] * 9)}]}}\n" for at in range(1, 9)
        )
        + "---\n文"
    ).encode(),
}
"""Markup of CommonMark, nested, open or by the million; and front matter in YAML."""


def _laughs(name: str = "a9") -> str:
    lines = ["a0: &a0 [哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈, 哈]"]
    for at in range(1, 9):
        lines.append(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]")
    lines.append(f"{name}: *a8")
    return "---\n" + "\n".join(lines) + "\n---\n"


PAGE = "<html><head><title>题</title></head><body><article><p>" + PROSE * 8 + "</p>"

HTML: dict[str, Maker] = {
    "paragraphs": repeated(f"<p>{PROSE}</p>\n", head=PAGE),
    "paragraphs different": numbered("<p>第{}段，" + PROSE + "</p>\n", head=PAGE),
    "paragraphs short": repeated("<p>文", head=PAGE),
    "paragraphs nested": nested("<p>", "文", "</p>"),
    "divisions nested": nested("<div>", PROSE, "</div>"),
    "divisions open": repeated("<div>", tail=PROSE),
    "divisions with text": repeated("<div>文", tail=PROSE),
    "bold open": repeated("<b>", tail=PROSE),
    "bold in paragraphs": repeated("<p><b>文", tail=PROSE),
    "bold closed wrongly": repeated("<b><i>文</b></i>", head=PAGE),
    "spans nested": nested("<span>", PROSE, "</span>"),
    "fonts in paragraphs": repeated("<font><p>文", head=PAGE),
    "anchors": repeated("<a>文", head=PAGE),
    "links": repeated("<a href=b>文</a> ", head=PAGE),
    "lists nested": nested("<ul><li>文", "文", "</li></ul>"),
    "list items": repeated("<li>文", head=f"{PAGE}<ul>"),
    "quotes nested": nested("<blockquote>", PROSE, "</blockquote>"),
    "tables nested": nested("<table><tr><td>文", PROSE, "</td></tr></table>"),
    "tables": repeated("<table><tr><td>文</table>", head=PAGE),
    "table cells": repeated("<td>文", head=f"{PAGE}<table><tr>"),
    "table rows": repeated("<tr><td>文", head=f"{PAGE}<table>"),
    "closing tags": repeated("</p>", head=PAGE),
    "closing tags unknown": repeated("</xyz>", head=PAGE),
    "breaks": repeated("文<br>", head=PAGE),
    "breaks alone": repeated("<br>", head=PAGE),
    "pictures": repeated("<img src=a alt=文>", head=PAGE),
    "tags unknown": numbered("<x{}>文", head=PAGE),
    "attributes": numbered(" a{}=b", head=f"{PAGE}<p", tail=">文</p>"),
    "attributes alike": repeated(" a=b", head=f"{PAGE}<p", tail=">文</p>"),
    "attribute long": repeated("a", head=f'{PAGE}<p class="', tail='">文</p>'),
    "attribute open": repeated("a ", head=f'{PAGE}<p class="'),
    "classes": repeated('<div class="comment footer nav">文</div>', head=PAGE),
    "entities": repeated("&amp;", head=PAGE),
    "entities open": repeated("&", head=PAGE),
    "entities of numbers": repeated("&#20013;", head=PAGE),
    "comments": repeated("<!-- a -->文", head=PAGE),
    "comments open": repeated("<!--", head=PAGE),
    "instructions open": repeated("<?", head=PAGE),
    "tags open": repeated("<p ", head=PAGE),
    "angles": repeated("<", head=PAGE),
    "script open": repeated("<script>", head=PAGE),
    "script": repeated("a<b;", head=f"{PAGE}<script>", tail="</script>文"),
    "scripts": repeated("<script>a</script>", head=PAGE),
    "scripts of JSON": repeated(
        '<script type="application/ld+json">{"a":1}</script>', head="<html><head>", tail=PAGE
    ),
    "script of JSON nested": nested("[", "", "]"),
    "metas": numbered("<meta name=k{} content=v>", head="<html><head>", tail=PAGE),
    "metas of authors": repeated("<meta name=author content=王>", head="<html><head>", tail=PAGE),
    "dates": repeated("<p>2024-12-30</p>", head=PAGE),
    "dates in one paragraph": repeated("2024年12月30日 ", head=f"{PAGE}<p>"),
    "times": repeated("<time datetime=2024-12-30>文</time>", head=PAGE),
    "times in attributes": repeated(
        '<abbr title="2024-12-30" class="published">文</abbr>', head=PAGE
    ),
    "headings": repeated("<h2>文</h2>", head=PAGE),
    "headings and text": repeated(f"<h2>文</h2><p>{PROSE}</p>", head=PAGE),
    "titles": repeated("<title>文</title>", head="<html><head>", tail=PAGE),
    "articles": repeated(f"<article><p>{PROSE}</p></article>", head=PAGE),
    "one paragraph": repeated(PROSE, head=f"{PAGE}<p>"),
    "one line": repeated("文", head=f"{PAGE}<p>"),
    "spaces": repeated(" ", head=f"{PAGE}<p>文", tail="文"),
    "lines": repeated("文\n", head=f"{PAGE}<p>"),
    "blank lines": repeated("\n", head=f"{PAGE}<p>文", tail="文"),
    "preformatted": repeated("文\n", head=f"{PAGE}<pre>"),
    "preformatted nested": nested("<pre>文\n", "文", "</pre>"),
    "hidden": repeated("<div hidden>文</div>", head=PAGE),
    "hidden nested": nested("<div hidden>", "文", "</div>"),
    "forms": repeated("<form><input>", head=PAGE),
    "selects": repeated("<select><option>文", head=PAGE),
    "frames": repeated("<iframe>", head=PAGE),
    "SVG": repeated("<svg><path d=a></svg>文", head=PAGE),
    "base": repeated("<base href=http://a.b/>", head="<html><head>", tail=PAGE),
    "declarations": repeated('<?xml version="1.0"?>', tail=PAGE),
    "doctype entities": lambda n: (
        '<!DOCTYPE html [<!ENTITY a "哈哈哈哈"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
        + PAGE
        + "&b;" * (n // 3)
    ).encode(),
    "body again": repeated("<body>文", head=PAGE),
    "URLs": repeated("http://a.b/c?d=e ", head=f"{PAGE}<p>"),
    "addresses": repeated("a@", head=f"{PAGE}<p>"),
    "authors": repeated("<span class=author>王小明</span>", head=PAGE),
    "bylines": repeated("By 王小明 and ", head=f"{PAGE}<p class=author>"),
    "white tags": repeated("<p>\n\n\n</p>", head=PAGE),
}
"""Tags nested, open, wrong or by the million."""

JSON: dict[str, Maker] = {
    "nested lists": lambda n: b'{"title":"a","body":' + b"[" * (n // 2) + b"]" * (n // 2) + b"}",
    "nested objects": nested('{"title":', '"a"', "}"),
    "nested lists, some": lambda n: (
        b'{"title":"a","author":' + b"[" * 900 + b"]" * 900 + b"}" + b" " * n
    ),
    "list of lists": lambda n: b'{"title":"a","body":[' + b"[[1]]," * (n // 6) + b"1]}",
    "list of numbers": lambda n: b'{"title":"a","body":[' + b"1," * (n // 2) + b"1]}",
    "list of authors": lambda n: json.dumps(
        {"title": "a", "author": [f"王{at}" for at in range(n // 10)]}
    ).encode(),
    "authors in one text": lambda n: json.dumps(
        {"title": "a", "author": "王、" * (n // 6)}
    ).encode(),
    "author of spaces": lambda n: json.dumps({"title": "a", "author": "王" + " " * n}).encode(),
    "tags": lambda n: json.dumps({"title": "a", "tags": "王," * (n // 6)}).encode(),
    "long number": lambda n: b'{"title":"a","x":' + b"1" * n + b"}",
    "long number in a body": lambda n: b'{"title":"a","body":' + b"1" * n + b"}",
    "long exponent": lambda n: b'{"title":"a","x":1e' + b"1" * n + b"}",
    "many keys": lambda n: json.dumps(
        {f"k{at}": "v" for at in range(n // 12)} | {"body": "a"}
    ).encode(),
    "long key": lambda n: json.dumps({"k" * n: "v", "body": "a"}).encode(),
    "text of escapes": lambda n: b'{"body":"' + b"\\u6587" * (n // 6) + b'"}',
    "surrogates": lambda n: b'{"body":"' + b"\\ud800" * (n // 6) + b'"}',
    "surrogate pairs": lambda n: b'{"body":"' + b"\\ud83d\\ude00" * (n // 12) + b'"}',
    "text open": lambda n: b'{"body":"' + b"a" * n,
    "quotes": lambda n: b'"' * n,
    "title of spaces": lambda n: json.dumps({"title": "a" + " " * n + "b", "body": "a"}).encode(),
    "title long": lambda n: json.dumps({"title": "文" * (n // 6), "body": "a"}).encode(),
    "date long": lambda n: json.dumps({"body": "a", "date": "2024" + " " * n + "x"}).encode(),
    "body of blank lines": lambda n: json.dumps(
        {"title": "a", "body": "a" + "\n" * (n // 2)}
    ).encode(),
    "body of sentences": lambda n: json.dumps({"body": "." * n}).encode(),
    "body of Latin words": lambda n: json.dumps({"body": "a.b" * (n // 3)}).encode(),
    "articles": lambda n: b"[" + b'{"title":"a","body":"b"},' * (n // 25) + b'{"title":"a"}]',
    "lines": lambda n: b'{"title":"a","body":"b"}\n' * (n // 25),
    "lines in another encoding": lambda n: (
        b'{"body": "a"}\n' * 20_000 + '{"body": "江水向东"}\n'.encode("gb18030") * (n // 21)
    ),
    "lines of odd bytes": lambda n: (
        b'{"body": "a"}\n' * 20_000 + b'{"body":"\xff\x81"}\n' * (n // 15)
    ),
    "lines of short HTML": lambda n: b'{"html":"x<b>"}\n' * (n // 16),
    "lines of short Markdown": lambda n: b'{"md":"x*"}\n' * (n // 12),
    "lines of plain Markdown": lambda n: b'{"md":"x"}\n' * (n // 11),
    "lines of lists of HTML": lambda n: (
        (b'{"body":["' + b'x<b>","' * 10_000 + b'"]}\n') * max(1, n // 70_013)
    ),
    "lines with names of their own": numbered('{"body":"x","k{}":1}\n'),
    "lines with an author": numbered('{"body":"x","author":"b{}"}\n'),
    "lines with a date": lambda n: b'{"body":"x","date":"b"}\n' * (n // 24),
    "lines that are none": lambda n: b"{\n" * (n // 2),
    "lines that are none, short": lambda n: b"1\n" * (n // 2),
    "braces": lambda n: b"{" * n,
    "spaces": lambda n: b" " * n + b"{}",
}
"""JSON, nested deep or of one long value."""


def _square(name: str, cell: str) -> Maker:
    """A table of as many columns as rows."""

    def make(size: int) -> bytes:
        side = max(1, int((size / (len(cell.encode()) + 1)) ** 0.5))
        head = "title" + "".join(f",{name.format(at)}" for at in range(side)) + "\n"
        return (head + ("a" + f",{cell}" * side + "\n") * side).encode()

    return make


TABLES: dict[str, Maker] = {
    "cell": repeated("文", head="title,body\na,"),
    "cell quoted": repeated("文\n", head='title,body\na,"', tail='"\n'),
    "quote open": repeated("文\n", head='title,body\na,"'),
    "quotes open": repeated('a,"\n', head="title,body\n"),
    "quotes wrong": repeated('a,"b"c\n', head="title,body\n"),
    "quotes doubled": repeated('""', head='title,body\na,"', tail='"'),
    "columns": repeated(",标题", head="title,body", tail="\na,b\n"),
    "columns without a name": repeated(",", head="title,body", tail="\na,b\n"),
    "columns, names": numbered(",k{}", head="title,body", tail="\na,b\n"),
    "columns and rows": lambda n: (
        "title,body" + ",k" * int(n**0.5) + "\n" + "a,b\n" * (n // 4)
    ).encode(),
    "square of cells": _square("k{}", "b"),
    "square of empty cells": _square("k{}", ""),
    "square of authors": _square("author", "b"),
    "square of bodies": _square("body", "b"),
    "square of texts": _square("k{}", "四个汉字"),
    "titles": repeated("a\n", head="title\n"),
    "titles of eight letters": repeated("abcdefgh\n", head="title\n"),
    "cells too many": repeated(",b", head="title,body\na,b"),
    "rows": repeated("a,b\n", head="title,body\n"),
    "rows too long": repeated("a,b,c\n", head="title,body\n"),
    "rows without a title": repeated(",\n", head="title,body\n"),
    "no known names": repeated("a,"),
    "spaces": repeated(" ", head="title,body\na,b", tail="c\n"),
    "NULs": repeated("\0", head="title,body\na,b", tail="c\n"),
    "names of spaces": repeated(" ", head="title,bo", tail="dy\na,b\n"),
}
"""Tables with cells, quotation marks and columns out of measure."""

BYTES: dict[str, Maker] = {
    "wide characters": _wide,
    "noise": _noise,
    "high bytes": _high,
    "GB 18030": lambda n: (PROSE * (n // 40 + 1)).encode("gb18030")[:n],
    "GB 18030 cut": lambda n: (PROSE * (n // 40 + 1)).encode("gb18030")[:n] + b"\xff",
    "Big5": lambda n: ("江水向東流去" * (n // 12 + 1)).encode("big5")[:n],
    "Latin": lambda n: "é à ü ".encode("latin-1") * (n // 6),
    "Cyrillic": lambda n: "Москва и ".encode("cp1251") * (n // 9),
    "Japanese": lambda n: "こんにちは世界".encode("euc-jp") * (n // 14),
    "two bytes": lambda n: "éè".encode() * (n // 4),
    "four bytes": lambda n: "𠀀".encode() * (n // 4),
    "surrogates": lambda n: b"\xed\xa0\x80" * (n // 3),
    "byte 255": lambda n: b"\xff" * n,
    "byte order mark and noise": lambda n: b"\xff\xfe" + _noise(n),
    "zero bytes": lambda n: b"\0" * n,
    "text and zero bytes": lambda n: b"a\0" * (n // 2),
    "escapes": lambda n: b"\x1b$B" * (n // 3),
}
"""Bytes in encodings that are hard to tell apart, or in none."""
