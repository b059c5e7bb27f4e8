"""Newspaper pages as OCR gives them, made up or written by hand, each with its gold."""

from tests.newspaper_pages.cases import CASES, load_case
from tests.newspaper_pages.gold import FoundItem, GoldItem, GoldPage, GuideEntry
from tests.newspaper_pages.pages import generate_issue, generate_page
from tests.newspaper_pages.scoring import Score, Tally, score, squeeze
from tests.newspaper_pages.specs import LAYOUTS

__all__ = [
    "CASES",
    "LAYOUTS",
    "FoundItem",
    "GoldItem",
    "GoldPage",
    "GuideEntry",
    "Score",
    "Tally",
    "generate_issue",
    "generate_page",
    "load_case",
    "score",
    "squeeze",
]
