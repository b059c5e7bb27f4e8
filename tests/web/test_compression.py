"""Answers in gzip: the same text, smaller, for those who take it."""

from __future__ import annotations

import gzip
import re
import zlib

import pytest
from flask.testing import FlaskClient

from jianbao.web import create_app
from tests.web.conftest import HandSearcher
from tests.web.test_export import many

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
LARGE = (
    "/?q=图书馆",
    "/articles/daily/2021.txt%231",
    "/?q=" + "x" * 2001,
    "/api/v1/search?q=图书馆",
    "/search.atom?q=图书馆",
    "/static/jianbao/jianbao.css",
    "/static/jianbao/jianbao.js",
)


def untimed(text: str) -> str:
    """The text without the time that a search took."""
    return re.sub(r'"took_ms": [0-9.]+|用时 [0-9.]+', "", text)


@pytest.mark.parametrize("address", LARGE)
def test_the_text_is_the_same_and_smaller(client: FlaskClient, address: str) -> None:
    plain = client.get(address, buffered=True)
    packed = client.get(address, headers=GZIP, buffered=True)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert untimed(gzip.decompress(packed.data).decode("utf-8")) == untimed(plain.text)
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) * 0.6
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.vary
    assert packed.headers.get("ETag", "W/").startswith("W/")


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip;q=0, *;q=0"])
def test_who_does_not_take_it_gets_the_text(client: FlaskClient, accepted: str) -> None:
    answer = client.get("/?q=图书馆", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert "共 40 条结果" in answer.text


@pytest.mark.parametrize("address", ["/static/jianbao/favicon.svg", "/api/v1/articles/none"])
def test_what_is_small_stays_as_it_is(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=GZIP, buffered=True)
    assert "Content-Encoding" not in answer.headers


def test_a_part_of_a_file_is_a_part_of_the_file(client: FlaskClient) -> None:
    address = "/static/jianbao/jianbao.css"
    whole = client.get(address, buffered=True).data
    part = client.get(address, headers={**GZIP, "Range": "bytes=100-999"}, buffered=True)
    assert part.status_code == 206 and "Content-Encoding" not in part.headers
    assert part.data == whole[100:1000]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_export_is_still_sent_as_it_is_found(kind: str) -> None:
    searcher = HandSearcher(many(500))
    client = create_app(searcher).test_client()
    whole = client.get(f"/api/v1/export.{kind}").data
    answer = client.get(f"/api/v1/export.{kind}", headers=GZIP)
    assert "Content-Length" not in answer.headers
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS + 16)
    pieces = iter(answer.iter_encoded())
    first = reader.decompress(next(pieces))
    assert first and whole.startswith(first)
    rest = b"".join(map(reader.decompress, pieces))
    assert first + rest + reader.flush() == whole
    assert reader.eof


def test_an_export_in_gzip_is_a_fraction_of_the_text() -> None:
    client = create_app(HandSearcher(many(500))).test_client()
    sizes = [
        len(client.get("/api/v1/export.jsonl", headers=headers).data) for headers in ({}, GZIP)
    ]
    assert sizes[1] < sizes[0] / 3
