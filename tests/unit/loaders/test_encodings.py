"""Judging an encoding: legal is not enough, since nearly every byte string is legal GB18030."""

import pytest

from loaders.formats.encodings import choose_encoding, decode, decodes
from tests.unit.loaders.building import cnmarc_record
from union_catalog.errors import MalformedRecord, SourceUnusable

SIMPLIFIED = "深入浅出数据分析与时间简史"
TRADITIONAL = "紅樓夢與時間簡史的歷史問題"


def sample(text: str, encoding: str, count: int = 20) -> list[bytes]:
    return [cnmarc_record(f"R{n}", text, encoding) for n in range(count)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(SIMPLIFIED, "utf-8"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "utf-8"), (TRADITIONAL, "gb18030"), (TRADITIONAL, "big5")],
)
def test_auto_finds_the_encoding(text: str, encoding: str) -> None:
    assert choose_encoding(sample(text, encoding), "auto") == encoding


@pytest.mark.parametrize("real", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("declared", ["utf-8", "gb18030", "big5", "marc-8"])
def test_a_wrong_setting_is_refused_and_the_better_one_named(real: str, declared: str) -> None:
    samples = sample(TRADITIONAL.replace("曹", "曹"), real)
    if real == declared:
        assert choose_encoding(samples, declared) == declared
        return
    with pytest.raises(SourceUnusable) as refused:
        choose_encoding(samples, declared)
    assert refused.value.code == "wrong_encoding"
    assert refused.value.data["better"] == real


def test_half_of_the_records_is_enough() -> None:
    good, bad = sample(SIMPLIFIED, "utf-8", 10), sample(SIMPLIFIED, "gb18030", 10)
    assert choose_encoding(good + bad, "utf-8") == "utf-8"


def test_a_file_that_no_encoding_explains_is_not_refused() -> None:
    noise = [bytes((200, 32, 255, n % 200, 32, 254, 32)) for n in range(20)]
    assert choose_encoding(noise, "utf-8") == "utf-8"


def test_plain_ascii_fits_every_encoding() -> None:
    samples = [b"00026nam plain", b"more"]
    assert all(choose_encoding(samples, encoding) == encoding for encoding in ("utf-8", "gb18030", "big5", "marc-8"))


def test_in_a_tie_the_earlier_candidate_wins() -> None:
    assert choose_encoding([b"ascii"], "auto", ("marc-8", "utf-8")) == "marc-8"


def test_utf8_read_as_gb18030_is_legal_but_not_plausible() -> None:
    data = "哈利·波特与魔法石的故事".encode()
    assert data.decode("gb18030", "replace")
    assert not decodes(data, "gb18030")
    assert decodes(data, "utf-8")


def test_an_undecodable_record_tells_where() -> None:
    with pytest.raises(MalformedRecord) as raised:
        decode(b"abc\xff", "utf-8")
    assert raised.value.data == {"encoding": "utf-8", "offset": 3}
