"""Read the names of people out of bylines."""

from __future__ import annotations

import re

_OUTLET = r"(?:本报|本网|本刊|新华社|中新社|[\u4e00-\u9fff]{1,6}(?:日报|晚报|时报|新报|报|网))"
_RANK = (
    r"(?:全媒体|融媒体|特约|特派|实习|见习|首席|高级|资深|文字|摄影|视频|驻[\u4e00-\u9fff]{1,4}?)"
)
_JOB = r"(?:记者|通讯员|评论员|特派员|撰稿人|撰稿|作者|实习生|撰文|执笔|采写|整理|供稿|读者(?=\s))"
ROLE = re.compile(rf"{_OUTLET}?\s*(?:{_RANK}+\s*)?{_JOB}|本报讯|(?:撰)?文[/:]|图[/:]")
"""A word that says what the people named after it do."""

_WHITE = re.compile(r"\s+")
_SPLIT = re.compile(r"[\s、,;/|和]+")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,8}(?:[·•・][\u4e00-\u9fff]{1,8})+")

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚"
    "岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑"
    "迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉"
    "禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁都芮普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜"
    "萧阎傅陳張劉黃吳趙楊孫馬羅鄭謝韓馮鄧許蘇蔣盧賈鍾譚陸葉蕭鄒龔錢嚴湯賴簡顏莊聶魯歐關蘭單駱齊龐紀畢戰樂鈕洪常诸糜危习"
)
"""First characters of Chinese family names, to tell a bare name from another short line."""

_PLACES = frozenset(
    [
        "江苏",
        "江西",
        "安徽",
        "云南",
        "甘肃",
        "宁夏",
        "海南",
        "广东",
        "广西",
        "贵州",
        "山东",
        "山西",
        "陕西",
        "青海",
        "上海",
        "河南",
        "河北",
    ]
)


_PLACE_ENDS = tuple("省市县区乡镇村縣區鄉鎮")


def _is_place(piece: str) -> bool:
    """Whether a piece of a byline says where somebody is from: 江苏, 石门乡."""
    return piece in _PLACES or (len(piece) > 2 and piece.endswith(_PLACE_ENDS))


def read_names(text: str) -> tuple[tuple[str, ...], bool]:
    """The names in `text`, and whether names and role words are all that it holds."""
    pieces = [piece for piece in _SPLIT.split(_unrolled(text).strip()) if piece]
    names: list[str] = []
    clean = True
    for piece in _close_up(pieces):
        if _is_place(piece):
            continue
        if _NAME.fullmatch(piece):
            names.append(piece)
        else:
            clean = False
    return tuple(dict.fromkeys(names)), clean


def _unrolled(text: str) -> str:
    """`text` with a space for each role word. White space is made one first: a role may begin at
    each of a thousand spaces, and would be looked for behind all that follow."""
    return ROLE.sub(" ", _WHITE.sub(" ", text))


def _close_up(pieces: list[str]) -> list[str]:
    """Letter-spaced names made whole: `李 洋`, `周 思 源`; four single characters are two names."""
    closed: list[str] = []
    singles = ""
    for piece in [*pieces, ""]:
        if len(piece) == 1:
            singles += piece
            continue
        half = 2 if len(singles) == 4 else 3
        closed.extend(singles[at : at + half] for at in range(0, len(singles), half))
        singles = ""
        if piece:
            closed.append(piece)
    return closed


def looks_like_name(text: str) -> bool:
    """Whether `text` alone could well be one person's name."""
    name = "".join(text.split())
    return (
        2 <= len(name) <= 4
        and not _is_place(name)
        and name[0] in SURNAMES
        and bool(_NAME.fullmatch(name))
    )
