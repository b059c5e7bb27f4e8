"""Whatever encoding a Chinese file is in, its characters are read right, or it is named."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import jieba
import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jianbao.indexer.errors import SourceError
from jianbao.indexer.sources.encoding.detection import Decoded, decode

ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("gb18030", "gbk", "big5"),
)
MARKS = ("，", "。", "、", "：", "；", "？", "《", "》", "“", "”", "（", "）")
DICTIONARY = Path(str(jieba.__file__)).with_name("dict.txt")


def _dictionary_words() -> list[str]:
    lines = DICTIONARY.read_text(encoding="utf-8").splitlines()
    # Every 29th of the words, whatever its frequency.
    words = [line.split(" ")[0] for line in lines]
    return [word for word in words if all("\u4e00" <= char <= "\u9fff" for char in word)][::29]


SIMPLIFIED = _dictionary_words()
TRADITIONAL = opencc.OpenCC("s2tw").convert("\n".join(SIMPLIFIED)).split("\n")


def _texts(words: list[str], length: int) -> st.SearchStrategy[str]:
    pieces = st.lists(
        st.one_of(st.sampled_from(words), st.sampled_from(words), st.sampled_from(MARKS)),
        min_size=length,
        max_size=length,
    )
    return pieces.map("".join).filter(lambda text: len(set(text)) >= 10)


def _encodable(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("words", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
@given(data=st.data())
@settings(deadline=None)
def test_long_text_is_read_right(encoding: str, words: list[str], data: st.DataObject) -> None:
    text = data.draw(_texts(words, 60))
    encoded = _encodable(text, encoding)
    if encoded is not None:
        decoded = decode(encoded)
        assert (decoded.text, decoded.doubtful) == (text, "")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("words", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
def test_short_text_is_read_right(encoding: str, words: list[str]) -> None:
    """Of 400 texts of 10 to 20 characters at least 99.5% come out right, the wrong ones named."""
    rng = random.Random(20241230)
    encodable: list[tuple[str, Decoded]] = []
    while len(encodable) < 400:
        text = "".join(rng.choice([*rng.sample(words, 5), *MARKS[:2]]) for _ in range(12))
        text = text[: rng.randint(10, 20)]
        encoded = _encodable(text, encoding)
        if encoded is None:  # Big5 has no simplified characters
            text = "".join(char for char in text if _encodable(char, encoding))
            encoded = text.encode(encoding)
        if len(text) >= 10:
            encodable.append((text, decode(encoded)))
    wrong = [(text, decoded) for text, decoded in encodable if decoded.text != text]
    assert len(wrong) <= 2, wrong
    assert all(decoded.doubtful for _, decoded in wrong)


def test_real_news_in_every_encoding(shared_data: Path) -> None:
    to_traditional = opencc.OpenCC("s2t")
    right = total = 0
    with gzip.open(shared_data / "news.jsonl.gz") as lines:
        for line, _ in zip(lines, range(150), strict=False):
            body = json.loads(line)["body"]
            for text in (body[:15], body, to_traditional.convert(body)[:15]):
                for encoding in ENCODINGS:
                    encoded = _encodable(text, encoding)
                    if encoded is not None:
                        total += 1
                        right += decode(encoded).text == text
    assert right / total >= 0.995


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("名字里的𠮷字和㐂字，电脑终于认得它们。", "gb18030"),
        ("香港嘅巴士站喺邊度？佢哋話喺碼頭嗰邊。", "big5hkscs"),
        ("A plain English text, with nothing in it to doubt.", "utf-8"),
        ("Notes de la rédaction : l’été à la française, déjà vu.", "utf-8"),
        ("The meeting is on Monday; bring the newspaper.", "utf-16-le"),
    ],
)
def test_other_texts_are_read_right(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.doubtful) == (text, "")


def test_declaration_does_not_beat_evidence() -> None:
    text = "全国工业和信息化工作会议在北京召开，部署重点工作。"
    assert decode(text.encode("utf-8"), hint="gb2312").text == text
    assert decode(text.encode("gb18030"), hint="utf-8").text == text
    assert decode(text.encode("gb18030"), hint="no-such-encoding").text == text


def test_damaged_text_is_named() -> None:
    text = "全国工业和信息化工作会议在北京召开，部署重点工作。" * 5
    for encoding in ("utf-8", "gb18030", "big5"):
        text = text if encoding != "big5" else opencc.OpenCC("s2t").convert(text)
        decoded = decode(text.encode(encoding)[:-1])
        assert decoded.text.startswith(text[:-2])
        assert "unreadable" in decoded.doubtful


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_refused(seed: int) -> None:
    with pytest.raises(SourceError):
        decode(random.Random(seed).randbytes(2000))


@given(data=st.binary(max_size=300), hint=st.text(max_size=12))
@settings(deadline=None)
def test_any_bytes_are_decoded_or_refused(data: bytes, hint: str) -> None:
    try:
        decoded = decode(data, hint=hint)
    except SourceError:
        return
    decoded.text.encode("utf-8")
    assert "\ufffd" not in decoded.text or decoded.doubtful
