"""The public door: everything that is not HTTP."""

from indexer.commands.main import main as cli_group
from indexer.store.integrity import Condition, Glance, SourceCounts, open_condition
from indexer.settings import SETTINGS, Settings, load_settings
from indexer.engines.base import FILTERS
from indexer.errors import (ArticleNotFoundError, ConfigError, EngineError, IndexDamagedError, IndexLockedError, IndexMissingError, IndexOutdatedError, IndexUnavailableError, JianbaoError, NothingToPublishError, QueryError, SourceError, UserError,)
from indexer.models import (Article, ArticleView, Bar, FacetCount, Kind, Mode, Notice, Problem, ResultHit, ResultPage, SearchRequest, Snippet, Sort, Suggestion, Wider, WordCount,)
from indexer.query.joining import narrowed_query, quoted
from indexer.ingest.indexing import Report, reindex
from indexer.search.searcher import IndexStats, Searcher, open_searcher

__all__ = [
    "FILTERS",
    "SETTINGS",
    "Article",
    "ArticleNotFoundError",
    "ArticleView",
    "Bar",
    "Condition",
    "ConfigError",
    "EngineError",
    "FacetCount",
    "Glance",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexOutdatedError",
    "IndexStats",
    "IndexUnavailableError",
    "JianbaoError",
    "Kind",
    "Mode",
    "NothingToPublishError",
    "Notice",
    "Problem",
    "QueryError",
    "Report",
    "ResultHit",
    "ResultPage",
    "SearchRequest",
    "Searcher",
    "Settings",
    "Snippet",
    "Sort",
    "SourceCounts",
    "SourceError",
    "Suggestion",
    "UserError",
    "Wider",
    "WordCount",
    "cli_group",
    "load_settings",
    "narrowed_query",
    "open_condition",
    "open_searcher",
    "quoted",
    "reindex",
]
