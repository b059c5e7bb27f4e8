"""Headlines among the lines that look like them: rubrics, subheads, signatures, bylines."""

from __future__ import annotations

from jianbao.indexer.models import Article
from jianbao.indexer.sources.newspaper import page_articles, split_page

MASTHEAD = "海州日报 2024年12月30日 星期一 第1版 第100期\n\n"
LEAD = "本报讯(记者 张伟) 港口改造工程昨日完工,新增泊位五个,货轮进港不用再等潮水。\n\n"
OTHER = "本报讯(记者 李洋) 山里的图书馆昨日开放,孩子们放学以后可以来看书。\n\n"


def read(text: str) -> tuple[Article, ...]:
    return page_articles(split_page(MASTHEAD + text), "page.txt")


def titles(text: str) -> list[str]:
    return [item.title for item in read(text)]


def test_the_lead_story_may_have_a_stronger_headline_than_the_rest() -> None:
    text = (
        f"# 港口改造提前完成\n\n{LEAD}## 山村图书馆开放\n\n{OTHER}"
        "## 社区食堂添了新窗口\n\n早上六点,食堂的蒸笼冒着热气,老人们排队买馒头。\n"
    )
    assert titles(text) == ["港口改造提前完成", "山村图书馆开放", "社区食堂添了新窗口"]


def test_short_unmarked_lines_inside_a_story_are_subheads() -> None:
    text = (
        f"港口改造提前完成\n\n{LEAD}先修航道\n\n挖泥船连干了四个月,把十一公里长的水道挖深两米。\n\n"
        f"再建码头\n\n五个泊位同时开工,工人三班倒,比计划早了二十天。\n\n山村图书馆开放\n\n{OTHER}"
    )
    found = read(text)
    assert [item.title for item in found] == ["港口改造提前完成", "山村图书馆开放"]
    assert "\n先修航道\n" in found[0].body
    assert "\n再建码头\n" in found[0].body


def test_a_notice_is_no_part_of_the_story_before_it() -> None:
    text = (
        f"港口改造提前完成\n\n{LEAD}停水通知\n\n1月2日8时至12时检修管道,码头一带暂停供水。\n"
        "海州自来水公司\n2024年12月29日\n"
    )
    found = read(text)
    assert [item.title for item in found] == ["港口改造提前完成", "停水通知"]
    assert found[1].body.split("\n")[-2:] == ["海州自来水公司", "2024年12月29日"]


def test_kicker_headline_and_subtitle_stay_three_on_a_page_with_one_narrow_column() -> None:
    column = (
        "本报讯(记者 李洋)\n山村图书馆昨天开放,孩\n子们放学以后可以来这里\n看书,周末还有人讲故事\n"
        "给他们听,来的人一天比\n一天多,座位不够用了。\n"
    )
    text = (
        "五个泊位同时开工 三班工人轮流上阵\n港口改造提前完成\n"
        f"货轮进港不用再等潮水,装卸效率提高一倍\n\n{LEAD}山村图书馆开放\n\n{column}"
    )
    first, second = read(text)
    assert first.title == "港口改造提前完成"
    assert first.meta["kicker"] == "五个泊位同时开工 三班工人轮流上阵"
    assert first.meta["subtitle"] == "货轮进港不用再等潮水,装卸效率提高一倍"
    assert second.title == "山村图书馆开放"


def test_a_byline_of_two_lines_opens_one_story() -> None:
    text = (
        f"港口改造提前完成\n\n{LEAD}□ 本报记者 李洋\n  通讯员 冯二\n\n"
        "山里的图书馆昨日开放,孩子们放学以后可以来看书。\n\n山村图书馆开放\n"
    )
    assert [(item.title, item.author) for item in read(text)] == [
        ("港口改造提前完成", ("张伟",)),
        ("山村图书馆开放", ("李洋", "冯二")),
    ]


def test_an_office_signs_a_leading_article() -> None:
    text = (
        f"港口改造提前完成\n\n{LEAD}把好事办到最后一米\n\n本报评论员\n\n"
        "好事要办好,先要问问码头上的人。\n"
    )
    assert [(item.title, item.author) for item in read(text)][1:] == [
        ("把好事办到最后一米", ("本报评论员",))
    ]


def test_rows_of_a_table_stay_rows() -> None:
    text = (
        f"港口改造提前完成\n\n{LEAD}各泊位吞吐量(万吨)如下:\n\n"
        "| 泊位 | 上半年 |\n| --- | --- |\n| 东一 | 62 |\n\n西二  48  51\n西三  39  40\n\n"
        f"山村图书馆开放\n\n{OTHER}"
    )
    first, _ = read(text)
    lines = first.body.split("\n")
    assert "| 东一 | 62 |" in lines
    assert "西二  48  51" in lines
    assert "西三  39  40" in lines


def test_the_title_of_a_picture_is_as_much_of_its_caption_as_fits() -> None:
    caption = "12月29日,市民在海州湿地公园观察越冬候鸟,鸟类志愿者在一旁讲解怎样分辨赤麻鸭和绿头鸭。"
    (picture,) = [
        item
        for item in read(f"港口改造提前完成\n\n{LEAD}{caption}\n\n本报记者 邵明/摄\n")
        if item.kind == "picture"
    ]
    assert picture.title == "12月29日,市民在海州湿地公园观察越冬候鸟"
    assert picture.author == ("邵明",)


def test_a_rubric_over_a_picture_is_its_column() -> None:
    text = f"港口改造提前完成\n\n{LEAD}图片新闻\n\n学生们在湿地公园观察候鸟。\n\n本报记者 邵明 摄\n"
    picture = read(text)[1]
    assert (picture.kind, picture.title, picture.column) == (
        "picture",
        "学生们在湿地公园观察候鸟",
        "图片新闻",
    )


def test_a_dateline_cut_by_its_column_is_no_masthead() -> None:
    text = (
        "港口改造提前完成\n\n新华社长春11月6日电 (记者 马勇、\n"
        "杨晓东)走进港区,说起新泊位,工人们的\n"
        "话匣子一下子打开了。据介绍,五个泊位\n同时开工,比计划提前二十天完成,货轮\n进港从此不用再等潮水,"
        "装卸的效率提高\n了一倍。港口还添了两台智能吊车。\n\n"
        f"山村图书馆开放\n\n{OTHER}"
    )
    first = read(text)[0]
    assert first.author == ("马勇", "杨晓东")
    assert first.body.startswith("新华社长春11月6日电")
