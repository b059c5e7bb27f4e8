"""The exception tree. Every message says what to do next.

JianbaoError
├── UserError               the person asking can fix it
│   ├── ConfigError         a setting is unknown or out of range
│   ├── QueryError          a search request cannot be carried out as it stands
│   ├── ArticleNotFoundError  no article has that id in the live generation
│   └── SourceError         one source could not be read; the run goes on without it
├── IndexUnavailableError   the operator can fix it with one command
│   ├── IndexMissingError   nothing has been published yet
│   ├── IndexOutdatedError  built with another analyzer, segmenter or schema
│   ├── IndexDamagedError   a file of the generation is missing or altered
│   └── IndexLockedError    another run holds the write lock
├── NothingToPublishError   a run found no article, so the live generation stays
│   └── RunFailedError      the machine denied a run what it needs: room, memory, permission
└── EngineError             ours to fix
"""

from __future__ import annotations


class JianbaoError(Exception):
    """Root of everything Jianbao raises on purpose; `str()` of it is safe to show."""


class UserError(JianbaoError):
    """The person asking can fix it."""


class ConfigError(UserError):
    """A setting is unknown or its value is out of range."""


class QueryError(UserError):
    """A search request cannot be carried out as it stands."""


class ArticleNotFoundError(UserError):
    """No article has that id in the live generation."""


class SourceError(UserError):
    """One source could not be read. `str()` is the reason alone, without the path."""


class IndexUnavailableError(JianbaoError):
    """The index cannot be used until the operator runs a command."""


class IndexMissingError(IndexUnavailableError):
    """Nothing has been published yet."""


class IndexOutdatedError(IndexUnavailableError):
    """The index was built with another analyzer, segmenter or schema."""


class IndexDamagedError(IndexUnavailableError):
    """A file of the generation is missing or altered."""


class IndexLockedError(IndexUnavailableError):
    """Another run holds the write lock."""


class NothingToPublishError(JianbaoError):
    """A run found no article; the live generation stays as it was."""


class RunFailedError(NothingToPublishError):
    """The machine denied a run what it needs; the live generation stays as it was."""


class EngineError(JianbaoError):
    """A fault of ours in an engine."""
