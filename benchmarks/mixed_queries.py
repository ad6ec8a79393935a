"""Searches of all kinds, drawn from known books: what readers type, with operators, fields, filters and orders."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.known_queries import Known, Reader, units
from benchmarks.slips import HAN
from union_catalog.search.engine import FACETS, Filters, SearchRequest, Sort
from union_catalog.search.query import parse

Kind = Literal["plain", "pinyin or initials", "one character", "with a slip", "operators and fields", "filters, facets and orders"]
SHARES: dict[Kind, int] = {
    "plain": 30,
    "pinyin or initials": 14,
    "one character": 8,
    "with a slip": 10,
    "operators and fields": 20,
    "filters, facets and orders": 18,
}
BROAD = ("中国", "history", "文学", "小说", "经济", "教育", "上海", "历史", "研究", "计算机", "I247", "K", "数学", "现代 文学", "")
_SORTS: tuple[Sort, ...] = ("relevance", "relevance", "year", "-year", "title", "popularity")
_LIBRARIES = ("JD", "JX", "WZ", "KS")
_CLASSES = ("I", "I2", "K", "TP", "TP3", "G", "F", "B84", "H31")


@dataclass(frozen=True, slots=True)
class Mixed:
    """One search and what kind it is of."""

    kind: Kind
    request: SearchRequest


def mixed(books: Sequence[Known], reader: Reader, chance: random.Random, count: int) -> Iterator[Mixed]:
    """``count`` searches in the proportions of SHARES."""
    typed = _Typed(books, reader, chance)
    for kind in chance.choices(list(SHARES), list(SHARES.values()), k=count):
        yield Mixed(kind, typed.request(kind))


class _Typed:
    def __init__(self, books: Sequence[Known], reader: Reader, chance: random.Random) -> None:
        self._books = books
        self._reader = reader
        self._chance = chance
        self._kinds = reader.kinds()

    def request(self, kind: Kind) -> SearchRequest:
        if kind == "filters, facets and orders":
            return self._narrowed()
        made: dict[str, Callable[[], str]] = {
            "plain": self._plain,
            "pinyin or initials": lambda: self._of("full pinyin", "initials"),
            "one character": lambda: self._chance.choice([*HAN.findall(self._book().title), "活"]),
            "with a slip": lambda: self._of("one wrong homophone", "one look-alike or missing character"),
            "operators and fields": self._composed,
        }
        return SearchRequest(parse(made[kind]()), per_page=10, facets=())

    def _book(self) -> Known:
        return self._chance.choice(self._books)

    def _of(self, *kinds: str) -> str:
        while (query := self._kinds[self._chance.choice(kinds)](self._book())) is None:
            pass
        return query

    def _plain(self) -> str:
        if self._chance.random() < 0.2:
            return self._chance.choice(BROAD)
        return self._of("whole title", "title part + author", "traditional script")

    def _word(self) -> str:
        return "".join(units(self._reader.part(self._book().title))[:4])

    def _composed(self) -> str:
        book, word, other = self._book(), self._word(), self._word()
        year = self._chance.randint(1980, 2015)
        return self._chance.choice(
            (
                f'"{word}" -{other}',
                f"{word} OR {other}",
                f"({word} OR {self._chance.choice(BROAD[:8])}) year:{year}..{year + 8}",
                f"title:{word} author:{book.author or other}",
                f"作者：{book.author or other} -{word}",
                f"题名：{word} 年份：{year}至",
                f"{self._chance.choice(BROAD[:8])} -{other} library:{self._chance.choice(_LIBRARIES)}",
                f"clc:{self._chance.choice(_CLASSES)} {word[:2]}",
                f"publisher:出版社 {word}",
                f"subject:{word[:2]} -year:..{year}",
                f"-{self._chance.choice(BROAD[:8])}",
            )
        )

    def _narrowed(self) -> SearchRequest:
        chance, year = self._chance, self._chance.randint(1985, 2014)
        filters = chance.choice(
            (
                Filters(library=tuple(chance.sample(_LIBRARIES, 2))),
                Filters(available=True, library=(chance.choice(_LIBRARIES),)),
                Filters(language=("chi",), year_from=year, year_to=year + 5),
                Filters(clc=(chance.choice(_CLASSES),)),
                Filters(format=("book", "e-book"), clc=("I", "K")),
                Filters(),
            )
        )
        query = chance.choice((chance.choice(BROAD), self._word()[:2], self._plain()))
        return SearchRequest(parse(query), filters, chance.choice(_SORTS), 10, None, FACETS)
