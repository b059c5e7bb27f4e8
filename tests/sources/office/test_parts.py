"""No part of a document is lost without a word: it can be found, or the report names it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
import pptx
from docx.oxml import parse_xml
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from tests.sources.helpers import read_files, read_with_problems

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
A14 = 'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"'
WPS = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml"'
WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'

EQUATION = "<m:oMath><m:r><m:t>{}</m:t></m:r></m:oMath>"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


def saved(document: object) -> bytes:
    buffer = BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def with_parts(content: bytes, parts: Mapping[str, str], relations: Mapping[str, str]) -> bytes:
    """A document with more parts; `relations` maps the place of a part's relations to those added
    there."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name in relations:
                end = b"</Relationships>"
                data = data.replace(end, relations[name].encode() + end)
            new.writestr(name, data)
        for name, text in parts.items():
            new.writestr(name, text)
    return buffer.getvalue()


def relation(kind: str, target: str) -> str:
    start = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return f'<Relationship Id="rX{kind}" Type="{start}{kind}" Target="{target}"/>'


DIAGRAM = (
    '<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    f"{A}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>图形甲</a:t></a:r></a:p></dgm:t></dgm:pt>"
    "</dgm:ptLst></dgm:dataModel>"
)


def test_docx_has_all_that_is_read_anywhere_in_it(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    document.sections[0].header.paragraphs[0].text = "页眉之字"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    document.add_comment(document.add_paragraph("被批之字").runs, text="批注之字", author="王五")
    box = "<w:txbxContent><w:p><w:r><w:t>框</w:t></w:r>{}</w:p></w:txbxContent>"
    inner = (
        f"<w:p {W} {M} {MC} {WPS} {V} {WP}><w:r><w:t>设</w:t></w:r>{EQUATION.format('x+y')}"
        "<w:r><w:t>则</w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>běi</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>北</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>jīng</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>京</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>"
        f"{box.format(EQUATION.format('E=mc'))}</wps:txbx></mc:Choice><mc:Fallback><w:pict>"
        f"{box.format(EQUATION.format('E=mc'))}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:pict><v:shape><v:textpath string='艺术字'/></v:shape></w:pict></w:r>"
        "<w:r><w:drawing><wp:inline><wp:docPr id='7' name='图片 1' descr='桥的照片'/></wp:inline>"
        "</w:drawing></w:r></w:p>"
    )
    document.element.body.insert(1, parse_xml(inner))
    document.element.body.insert(
        2, parse_xml(f"<m:oMathPara {M}>{EQUATION.format('a=b')}</m:oMathPara>")
    )
    relations = relation("diagramData", "diagrams/data1.xml") + relation("oleObject", "o.xml")
    content = with_parts(
        saved(document),
        {"word/diagrams/data1.xml": DIAGRAM, "word/o.xml": "<x/>"},
        {"word/_rels/document.xml.rels": relations},
    )
    (article,), (problem,) = read_with_problems(tmp_path, {"a.docx": content})
    assert article.body.split("\n") == [
        *("正文。", "设x+y则北京", "běi jīng", "艺术字", "桥的照片", "框E=mc", "a=b", "被批之字"),
        *("页眉之字", "第 1 页", "批注之字", "图形甲"),
    ]
    assert (problem.outcome, problem.reason) == (
        "not indexed",
        "documents that are embedded in .docx files",
    )


def test_pptx_has_all_that_is_shown(tmp_path: Path) -> None:
    shown = pptx.Presentation()
    slide = shown.slides.add_slide(shown.slide_layouts[5])
    slide.shapes.title.text = "开篇"
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["东桥", "西桥"]
    data.add_series("车流", (1, 2))  # type: ignore[no-untyped-call]
    size = (Inches(1), Inches(1), Inches(4), Inches(3))
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *size, data)
    text = (
        "<p:txBody><a:bodyPr/><a:p><a:r><a:t>能量</a:t></a:r><mc:AlternateContent>"
        f"<mc:Choice Requires='a14'><a14:m>{EQUATION.format('E=mc')}</a14:m></mc:Choice>"
        "<mc:Fallback><a:r><a:t> </a:t></a:r></mc:Fallback></mc:AlternateContent>"
        "<a:r><a:t>守恒</a:t></a:r></a:p></p:txBody>"
    )
    name = "<p:nvSpPr><p:cNvPr id='{}' name='框'{}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>"
    told = name.format(90, " descr='示意图'")
    plain = f"<p:sp {P} {A} {MC} {A14} {M}>{told}{text}</p:sp>"
    boxed = (
        f"<mc:AlternateContent {P} {A} {MC} {A14} {M}><mc:Choice Requires='a14'><p:sp>"
        f"{name.format(91, '')}{text.replace('能量', '动量')}</p:sp></mc:Choice><mc:Fallback><p:sp>"
        f"{name.format(91, '')}<p:txBody><a:p><a:r><a:t>缺字</a:t></a:r></a:p></p:txBody>"
        "</p:sp></mc:Fallback></mc:AlternateContent>"
    )
    for shape in (plain, boxed):
        slide.shapes.element.append(parse_xml(shape))
    slide.notes_slide.notes_text_frame.text = "讲稿"
    comments = f"<p:cmLst {P}><p:cm><p:text>批注之字</p:text></p:cm></p:cmLst>"
    relations = relation("diagramData", "../d1.xml") + relation("comments", "../c1.xml")
    content = with_parts(
        saved(shown),
        {"ppt/d1.xml": DIAGRAM, "ppt/c1.xml": comments},
        {"ppt/slides/_rels/slide1.xml.rels": relations},
    )
    (article,) = read_files(tmp_path, {"a.pptx": content})
    assert article.title == "开篇"
    assert article.body.split("\n") == [
        *("开篇", "示意图", "能量E=mc守恒", "动量E=mc守恒", "车流", "东桥", "西桥"),
        *("图形甲", "批注之字", "讲稿"),
    ]


def test_xlsx_has_comments_and_charts_and_tells_of_hidden_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "单元"
    sheet["A1"].comment = Comment("批注之字", "王五")
    chart = BarChart()
    chart.title = "图表之题"
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=2))
    sheet.add_chart(chart, "C3")
    content = saved(book)
    (article,) = read_files(tmp_path, {"a.xlsx": content})
    for text in ("单元", "批注之字", "图表之题"):
        assert text in article.body
    hidden = book.create_sheet("隐")
    hidden["A1"], hidden.sheet_state = "隐字", "hidden"
    (article, _), problems = read_with_problems(tmp_path, {"b.xlsx": saved(book)})
    assert "隐" not in article.body
    assert [each.reason for each in problems] == [
        "hidden sheets of .xlsx files",
        "text boxes, charts and comments of .xlsx files with hidden sheets",
    ]


INVITATION = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART:20241230T020000Z\r
SUMMARY;LANGUAGE=zh-CN:石桥通车\r
  仪式\r
DESCRIPTION:请准时到场\\, 不要迟到\\n着正装\r
LOCATION;ALTREP="http://x/a:b":城东桥头\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_every_text_part_of_a_mail(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "多段", "李四 <l@example.org>"
    mail.set_content("第一段文字。")
    mail.make_mixed()
    mail.add_attachment(PICTURE, maintype="image", subtype="png", disposition="inline", cid="<a>")
    for text, kind in (
        ("图后之字。", "plain"),
        ("<p>网页之字。</p>", "html"),
        (INVITATION, "calendar"),
    ):
        mail.attach(MIMEText(text, kind, "utf-8"))  # type: ignore[arg-type]
    mail.add_attachment("附件题\n附件正文。", filename="附.txt")
    mail.add_attachment("附件题二\n附件正文二。", filename="附.txt")
    mail.add_attachment(b"PK", maintype="application", subtype="vnd.unknown", filename="a.xyz")
    articles, problems = read_with_problems(tmp_path, {"a.eml": mail.as_bytes()})
    assert articles[0].body.split("\n") == [
        *("第一段文字。", "图后之字。", "网页之字。", "石桥通车 仪式", "请准时到场, 不要迟到"),
        *("着正装", "城东桥头"),
    ]
    assert [each.title for each in articles[1:]] == ["附件题", "附件题二"]
    assert {(each.outcome, each.reason) for each in problems} == {
        ("not indexed", "files ending in .png are not read"),
        ("not indexed", "files ending in .xyz are not read"),
    }


def test_forms_of_one_text_in_a_mail(tmp_path: Path) -> None:
    mail = MIMEMultipart("alternative")
    mail["Subject"], mail["From"] = "两式", "李四 <l@example.org>"
    mail.attach(MIMEText("同一段文字，\n分在两行。", "plain", "utf-8"))
    mail.attach(MIMEText("<p>同一段文字，分在两行。</p><p>只在网页里。</p>", "html", "utf-8"))
    mail.attach(MIMEText(INVITATION, "calendar", "utf-8"))
    (article,) = read_files(tmp_path, {"a.eml": mail.as_bytes()})
    assert article.body.split("\n") == [
        *("同一段文字，", "分在两行。", "只在网页里。", "石桥通车 仪式", "请准时到场, 不要迟到"),
        *("着正装", "城东桥头"),
    ]


def test_a_web_page_tells_what_no_browser_shows(tmp_path: Path) -> None:
    text = "城东的石桥昨日重新通车，附近的居民都来看热闹，一直到傍晚才散去。"
    page = (
        f"<title>石桥</title><body><article><h1>石桥</h1><p>{text}</p>"
        f"<p>{text[::-1]}</p><img src=a.png alt='桥头的老照片一张'>"
        "<details><summary>展开</summary><p>折叠起来的一段文字也要能找到才行。</p></details>"
        "<noscript>没有脚本时才会出现的一段文字在这里。</noscript></article>"
        "<template><p>模板里的一段文字没有人看得见，但不能不说。</p></template>"
    )
    (article,), problems = read_with_problems(tmp_path, {"a.html": page})
    for shown in (text, "桥头的老照片一张", "折叠起来的一段文字"):
        assert shown in article.body
    assert {each.outcome for each in problems} == {"not indexed"}
    told = {re.search("<.*>", each.reason)[0] for each in problems}  # type: ignore[index]
    assert told == {"<noscript>", "<template>"}
