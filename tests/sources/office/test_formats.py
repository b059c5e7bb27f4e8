"""What each office format gives: its words in reading order, and what it says of itself."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from struct import pack

import docx
import pytest
from docx.oxml import parse_xml

from jianbao.indexer.models import Article
from tests.sources.helpers import read_files, read_with_problems
from tests.sources.office import making
from tests.sources.office.ole_file import ole_bytes

PARAGRAPHS = (
    "关于做好冬季供暖工作的通知，请各单位认真组织学习，结合本单位实际抓好落实，于月底前报送情况。",
    "第二段有 full-text search 这样的外文词语，也有数字2024，换行之处不应多出空格，也不应少。",
    "第三段很短。",
)
ROWS = (("姓名", "金额"), ("张三", 12), ("李四", 3.5))
TABLE = "姓名\t金额\n张三\t12\n李四\t3.5"


def _one(folder: Path, name: str, content: bytes) -> Article:
    (article,) = read_files(folder, {name: content})
    return article


def test_docx(tmp_path: Path) -> None:
    content = making.docx_bytes(PARAGRAPHS, title="供暖通知", author="王五；赵六", rows=ROWS)
    assert _one(tmp_path, "甲/a.docx", content) == Article(
        id="甲/a.docx",
        title="供暖通知",
        body="\n".join((*PARAGRAPHS, TABLE)),
        author=("王五", "赵六"),
        date="2024-12-30",
        path="甲/a.docx",
    )


def test_docx_has_boxes_and_insertions_but_no_deletions(tmp_path: Path) -> None:
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    inner = (
        f"<w:p {word}><w:r><w:t>始</w:t></w:r><w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:r><w:pict>"
        "<w:txbxContent><w:p><w:r><w:t>框中之字</w:t></w:r></w:p></w:txbxContent>"
        "</w:pict></w:r><w:r><w:t>终</w:t></w:r></w:p>"
    )
    document = docx.Document()
    document.element.body.insert(0, parse_xml(inner))
    document.save(str(tmp_path / "a.docx"))
    (article,) = read_files(tmp_path, {})
    assert article.body == "始增终\n框中之字"


@pytest.mark.parametrize(
    ("title", "author"), [("", ""), ("Microsoft Word - 文件.doc", "微软用户"), ("文档1", "User")]
)
def test_what_a_program_made_up_is_not_believed(tmp_path: Path, title: str, author: str) -> None:
    content = making.docx_bytes(PARAGRAPHS, title=title, author=author)
    article = _one(tmp_path, "供暖.docx", content)
    assert (article.title, article.author) == ("供暖", ())


@pytest.mark.parametrize("title", ["新建小区供暖通知", "Word 使用方法", "文件管理办法", "2024"])
def test_what_a_person_wrote_is_believed(tmp_path: Path, title: str) -> None:
    content = making.docx_bytes(PARAGRAPHS, title=title, author="管理")
    article = _one(tmp_path, "a.docx", content)
    assert (article.title, article.author) == (title, ("管理",))


def test_xlsx(tmp_path: Path) -> None:
    day = (dt.datetime(2024, 12, 30), True, None)
    content = making.xlsx_bytes({"表一": ROWS, "表二": (day,)}, title="账目", author="赵六")
    article = _one(tmp_path, "a.xlsx", content)
    assert article.body == f"表一\n{TABLE}\n表二\n2024-12-30\tTRUE"
    assert (article.title, article.author) == ("账目", ("赵六",))


def test_xls(tmp_path: Path) -> None:
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("表一")
    for number, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            sheet.write(number, column, cell)
    book.save(str(tmp_path / "账目.xls"))
    (article,) = read_files(tmp_path, {})
    assert (article.title, article.body) == ("账目", f"表一\n{TABLE}")


def test_pptx(tmp_path: Path) -> None:
    slides = [("开篇", "要点一\n要点二", "讲稿在此"), ("结尾", "谢谢", "")]
    article = _one(tmp_path, "a.pptx", making.pptx_bytes(slides, author="王五", rows=ROWS))
    assert article.body == f"开篇\n要点一\n要点二\n讲稿在此\n结尾\n谢谢\n{TABLE}"
    assert (article.title, article.author) == ("开篇", ("王五",))


def test_pdf_lines_become_paragraphs(tmp_path: Path) -> None:
    pages = [PARAGRAPHS, PARAGRAPHS[:2]]
    article = _one(tmp_path, "a.pdf", making.pdf_bytes(pages, title="供暖", author="孙七"))
    assert article.body.split("\n") == [*PARAGRAPHS, *PARAGRAPHS[:2]]
    assert (article.title, article.author, article.date) == ("供暖", ("孙七",), "2000-01-01")


def test_pdf_without_text_is_told(tmp_path: Path) -> None:
    articles, (problem,) = read_with_problems(tmp_path, {"a.pdf": making.pdf_bytes([[]])})
    assert not articles
    assert "no text (scanned?)" in problem.reason


def test_epub_is_read_chapter_by_chapter(tmp_path: Path) -> None:
    content = making.epub_bytes(
        [("第一回", "甲段\n乙段"), ("第二回", "丙段")], title="书名", author="曹雪芹"
    )
    first, second = read_files(tmp_path, {"a.epub": content})
    assert (first.id, first.title, first.body) == ("a.epub:1", "第一回", "甲段\n乙段")
    assert (second.id, second.title, second.body) == ("a.epub:2", "第二回", "丙段")
    assert {(each.source, each.author, each.date) for each in (first, second)} == {
        ("书名", ("曹雪芹",), "2024-12-30")
    }


def test_mail_and_its_attachments(tmp_path: Path) -> None:
    inner = making.mail_bytes("旧信", "旧文", attachments={"旧.txt": "旧题\n旧正文。".encode()})
    content = making.mail_bytes(
        "开会通知",
        "明天开会。",
        attachments={"附件.docx": making.docx_bytes(PARAGRAPHS), "旧.eml": inner},
    )
    articles = read_files(tmp_path, {"a.eml": content})
    assert [each.id for each in articles] == [
        *("a.eml", "a.eml/附件.docx", "a.eml/旧.eml", "a.eml/旧.eml/旧.txt"),
    ]
    assert {each.path for each in articles} == {"a.eml"}
    assert (articles[0].title, articles[0].body) == ("开会通知", "明天开会。")
    assert (articles[0].author, articles[0].date) == (("李四",), "2024-12-30")
    assert articles[1].body == "\n".join(PARAGRAPHS)


def test_a_forwarded_mail_is_an_article(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "转发", "李四 <l@example.org>"
    mail.set_content("见附信。")
    mail.add_attachment(message_from_bytes(making.mail_bytes("原信", "原文。"), policy=default))
    first, second = read_files(tmp_path, {"a.eml": mail.as_bytes()})
    assert (first.title, first.body) == ("转发", "见附信。")
    assert (second.id, second.title, second.body) == ("a.eml/1.eml", "原信", "原文。")


def test_mail_of_html_only(tmp_path: Path) -> None:
    content = making.mail_bytes("网页", "", html="<p>一<b>段</b></p><script>x</script><p>二段</p>")
    assert _one(tmp_path, "a.eml", content).body == "一段\n二段"


def test_mail_with_raw_chinese_headers(tmp_path: Path) -> None:
    content = "Subject: 关于开会的通知\r\nFrom: 张三 <z@example.org>\r\n\r\n请准时参加会议。\r\n"
    article = _one(tmp_path, "a.eml", content.encode("gb18030"))
    assert (article.title, article.author) == ("关于开会的通知", ("张三",))
    assert article.body == "请准时参加会议。"


def test_msg(tmp_path: Path) -> None:
    ticks = int((making.DAY - dt.datetime(1601, 1, 1, tzinfo=dt.UTC)).total_seconds()) * 10**7
    sent = bytes(32) + pack("<HHIQ", 0x40, 0x39, 6, ticks)
    attachment = {
        "__substg1.0_3707001F": "附件.txt".encode("utf-16-le"),
        "__substg1.0_37010102": ("附件题\n" + "附件正文。" * 300).encode(),
    }
    content = ole_bytes(
        {
            "__properties_version1.0": sent,
            "__substg1.0_0037001F": "开会通知".encode("utf-16-le"),
            "__substg1.0_0C1A001F": "李四".encode("utf-16-le"),
            "__substg1.0_1000001E": "明天开会，请准时参加。".encode("gb18030"),
            "__attach_version1.0_#00000000": attachment,
        }
    )
    mail, attached = read_files(tmp_path, {"a.msg": content})
    assert (mail.title, mail.author, mail.date) == ("开会通知", ("李四",), "2024-12-30")
    assert mail.body == "明天开会，请准时参加。"
    assert (attached.id, attached.title) == ("a.msg/附件.txt", "附件题")


def test_doc(tmp_path: Path) -> None:
    field = "\x13 IF \x13 PAGE \x141\x15 = 1 \x14链接\x15"
    wide, narrow = f"第一段\r甲\x07乙\x07\x07{field}之后\r", "plain text\r"
    header = bytearray(0x0600)
    header[:4] = pack("<HH", 0xA5EC, 0x00C1)
    header[0x0A:0x0C] = pack("<H", 0x0200)
    main = bytes(header) + wide.encode("utf-16-le") + narrow.encode("ascii")
    narrow_at = 0x0600 + 2 * len(wide)
    bounds = pack("<III", 0, len(wide), len(wide) + len(narrow))
    places = pack("<HIHHIH", 0, 0x0600, 0, 0, narrow_at * 2 | 0x40000000, 0)
    table = b"\x01\x02\x00\x00\x00\x02" + pack("<I", len(bounds + places)) + bounds + places
    main = main[:0x01A2] + pack("<II", 0, len(table)) + main[0x01AA:]
    article = _one(tmp_path, "旧文.doc", ole_bytes({"WordDocument": main, "1Table": table}))
    assert article.title == "旧文"
    assert article.body == "第一段\n甲\t乙\n链接之后\nplain text"


def test_ppt(tmp_path: Path) -> None:
    wide = "开篇\r要点".encode("utf-16-le")
    texts = pack("<HHI", 0, 0x0FA0, len(wide)) + wide + pack("<HHI", 0, 0x0FA8, 4) + b"text"
    master = pack("<HHI", 0, 0x0FA8, 5) + b"Click"
    stream = pack("<HHI", 15, 0x03F8, len(master)) + master
    stream += pack("<HHI", 15, 0x03EE, len(texts)) + texts
    article = _one(tmp_path, "a.ppt", ole_bytes({"PowerPoint Document": stream}))
    assert article.body == "开篇\n要点\ntext"


def test_zip_is_a_folder(tmp_path: Path) -> None:
    inner = making.zip_bytes({"深/b.xlsx": making.xlsx_bytes({"表一": ROWS})})
    files: dict[str, str | bytes] = {
        "乙/说明.txt": "说明\n正文在此。",
        "内.zip": inner,
        "表.csv": "标题,正文\n甲,子\n乙,丑\n",
        ".hidden.txt": "隐\n隐",
        "__MACOSX/._a.docx": b"x",
    }
    articles = read_files(tmp_path, {"a.zip": making.zip_bytes(files)})
    assert [each.id for each in articles] == [
        *("a.zip/乙/说明.txt", "a.zip/内.zip/深/b.xlsx", "a.zip/表.csv:1", "a.zip/表.csv:2"),
    ]
    assert {each.path for each in articles} == {"a.zip"}


def test_pictures_in_a_zip_are_told_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{number}.jpg": b"x" for number in range(30)}
    content = making.zip_bytes({**files, "a.txt": "题\n文。", "b": b"x"})
    (article,), problems = read_with_problems(tmp_path, {"a.zip": content})
    assert article.id == "a.zip/a.txt"
    assert [(each.outcome, each.reason, each.count) for each in problems] == [
        ("not indexed", "files ending in .jpg are not read", 30),
        ("not indexed", "files without a suffix are not read", 1),
    ]


def test_names_in_a_zip_from_windows(tmp_path: Path) -> None:
    content = making.zip_bytes({"cfcfcf.txt": "说明\n正文在此。"})
    named = content.replace(b"cfcfcf", "通知书".encode("gb18030"))
    (article,) = read_files(tmp_path, {"a.zip": named})
    assert article.id == "a.zip/通知书.txt"


def test_no_name_leads_out_of_a_zip(tmp_path: Path) -> None:
    names = [
        "../../../jianbao-escaped-1.txt",
        "/jianbao-escaped-2.txt",
        "C:\\jianbao-escaped-3.txt",
    ]
    content = making.zip_bytes({name: f"题{number}\n文。" for number, name in enumerate(names)})
    articles = read_files(tmp_path / "a", {"a.zip": content})
    assert len(articles) == 3
    assert all(each.id.startswith("a.zip/") and ".." not in each.id for each in articles)
    assert not list(tmp_path.rglob("*escaped*"))
    assert not list(Path("/").glob("jianbao-escaped*"))
