"""Which characters are Han, and which ones make a run that is read as one word."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from jianbao.indexer.text.code_table import CodeTable

HAN = "\u3400-\u9fff\U00020000-\U0003ffff"

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\uac00-\ud7af"
)
"""Thai, Lao, Burmese, Khmer, kana, hangul: letters whose words are not set apart by spaces."""

HAN_RUN = re.compile(f"[{HAN}]+")
"""Han characters next to each other."""

RUN = re.compile(rf"[^\W_{HAN}{UNSPACED}]+")
"""Letters and digits next to each other, in a script that sets words apart: 5G, Windows, 2024."""

CONNECTED = re.compile(
    rf"[^\W_{HAN}{UNSPACED}]+(?:[-.,:/@&'_+#][^\W_{HAN}{UNSPACED}]+)*(?:[+#]{{1,2}}|%)?"
)
"""Runs held together by punctuation, as people write them: 5G-A, 55.1%, 4,500,000, C++, 3:2."""


def in_run(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of these code points are matched by `RUN`."""
    return _run_table().get(codes)


@cache
def _run_table() -> CodeTable[np.bool_]:
    return CodeTable(lambda code: RUN.match(chr(code)) is not None, np.bool_)
