"""Office files through a whole run: every paragraph is found, and what went wrong is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from jianbao.indexer import SearchRequest, load_settings, open_searcher, reindex
from tests.sources.office import making
from tests.sources.office.test_formats import PARAGRAPHS


def test_every_paragraph_is_found_after_a_real_run(tmp_path: Path) -> None:
    chapters = [("第一回", "\n".join(PARAGRAPHS))]
    slides = [("题", text, text) for text in PARAGRAPHS]
    document = making.docx_bytes(PARAGRAPHS)
    files = {
        "a.docx": document,
        "b.xlsx": making.xlsx_bytes({"表一": [(text, 1) for text in PARAGRAPHS]}),
        "c.pptx": making.pptx_bytes(slides),
        "d.pdf": making.pdf_bytes([PARAGRAPHS]),
        "e.epub": making.epub_bytes(chapters, title="书名", author="某人"),
        "f.eml": making.mail_bytes("开会", "\n".join(PARAGRAPHS)),
        "g.zip": making.zip_bytes({"深/处.docx": document, "坏.pdf": b"%PDF-1.7"}),
        "h.docx": document[:-100],
    }
    folder = tmp_path / "files"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    settings = load_settings({"index": tmp_path / "index", "jobs": 1}, {}, tmp_path)
    report = reindex(settings, [folder], now=lambda: datetime.now(UTC))
    assert {problem.source for problem in report.problems} == {"g.zip", "h.docx"}
    assert report.articles == 7
    searcher = open_searcher(settings, perf_counter)
    try:
        for paragraph in PARAGRAPHS:
            page = searcher.search(SearchRequest(f'"{paragraph}"'))
            assert page.total == 7, paragraph
        found = {hit.article.id for hit in page.hits}
    finally:
        searcher.close()
    assert found == {
        *("a.docx", "b.xlsx", "c.pptx", "d.pdf", "e.epub:1", "f.eml", "g.zip/深/处.docx"),
    }
