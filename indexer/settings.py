"""The one table of settings; a flag wins over the environment, that over `jianbao.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jianbao.indexer.errors import ConfigError

FILE = "jianbao.toml"

SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name, default and help. The default's type is the setting's type."""

    name: str
    default: str | int | float | Path
    help: str


SETTINGS = (
    Setting("index", Path(".jianbao/index"), "Folder of the index."),
    Setting("host", "127.0.0.1", "Address that the server listens on."),
    Setting("port", 8080, "Port that the server listens on; 0 takes any free one."),
    Setting("workers", 2, "Server processes."),
    Setting("page_size", 10, "Hits on a page unless a request says otherwise (1 to 100)."),
    Setting("max_deletions", 20, "Percent of the articles that may go in one run."),
    Setting("jobs", 0, "Processes that index; 0 takes one for each processor."),
    Setting(
        "user_dictionary", "", "File of words to add to the dictionary, read by indexing runs."
    ),
    Setting("follow_links", "", "Folders outside the sources to which links may lead: /a,/b."),
    Setting("fields", "", "What names of fields are: my_text=body, kop=title, remark=none."),
    Setting("lock_timeout", 0.0, "Seconds to wait for another run to finish."),
    Setting("allowed_origins", "", "Web sites that may embed the search: https://a,https://b."),
    Setting("allowed_hosts", "", "Names it answers to beside its own: a.example,.b.example."),
    Setting("connections_per_address", 64, "Connections of one address to a process; 0: any."),
    Setting("trusted_proxies", 0, "Proxies before the server whose X-Forwarded-… are believed."),
    Setting(
        "metrics", "off", "Who may read /metrics: nobody (off), all (on), or who has this token."
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its value; see `SETTINGS`."""

    index: Path
    host: str
    port: int
    workers: int
    page_size: int
    max_deletions: int
    jobs: int
    user_dictionary: str
    follow_links: str
    fields: str
    lock_timeout: float
    allowed_origins: str
    allowed_hosts: str
    connections_per_address: int
    trusted_proxies: int
    metrics: str


def load_settings(
    flags: Mapping[str, object], environ: Mapping[str, str], folder: Path
) -> Settings:
    """Settings from `flags`, `JIANBAO_…` in `environ`, `jianbao.toml` in `folder`, defaults.

    Raises ConfigError for an unknown name in the file or a value of the wrong type or range.
    """
    from_file = _read_file(folder / FILE)
    values = {
        setting.name: _value(
            setting,
            (
                flags.get(setting.name),
                environ.get(f"JIANBAO_{setting.name.upper()}"),
                from_file.get(setting.name),
            ),
        )
        for setting in SETTINGS
    }
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def _read_file(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read as TOML ({error}): correct it") from error
    known = {setting.name for setting in SETTINGS}
    for name in found:
        if name not in known:
            raise ConfigError(f"{path}: unknown setting {name!r}; there are {sorted(known)}")
    return found


def _value(setting: Setting, given: tuple[object, ...]) -> object:
    raw = next((value for value in given if value is not None), setting.default)
    try:
        return type(setting.default)(raw)  # type: ignore[call-overload, arg-type]
    except (TypeError, ValueError) as error:
        kind = type(setting.default).__name__
        raise ConfigError(f"setting {setting.name}: {raw!r} is no {kind}") from error


def _check(settings: Settings) -> None:
    for name, low, high in (
        ("port", 0, 65535),
        ("workers", 1, 64),
        ("page_size", 1, 100),
        ("jobs", 0, 64),
        ("max_deletions", 0, 100),
        ("connections_per_address", 0, 100_000),
        ("trusted_proxies", 0, 16),
    ):
        if not low <= getattr(settings, name) <= high:
            raise ConfigError(f"setting {name}: must be from {low} to {high}")
    if settings.metrics not in ("off", "on") and len(settings.metrics) < SHORTEST_TOKEN:
        raise ConfigError(
            f"setting metrics: must be off, on, or a token of {SHORTEST_TOKEN} characters or more"
        )
