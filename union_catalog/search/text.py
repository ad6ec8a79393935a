"""The analysis of a record: from a description to the tokens that every engine indexes as they stand.

What the tokens are, field by field, is told in docs/search.md. ``plan.py`` reads queries into the same tokens; the two change together,
and with them ANALYSIS_VERSION.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import rjieba

from union_catalog.bibliographic.record import BibliographicRecord, Title
from union_catalog.search import initials, numerals, pinyin
from union_catalog.search.characters import LONGEST_WORD, RUN, is_cjk, pieces, prepare, units
from union_catalog.search.document import AnalysedText
from union_catalog.search.isbns import bare, searched

ANALYSIS_VERSION = 3
BREAK = "¦"
LONGEST_KEY = 256
_LONGEST_OTHER = 20_000
_SEPARATOR = "\x1e"
_BETWEEN_NAMES = re.compile(r"[;,/、]")
_ROLE = re.compile(r"^[\[(][^\])]{1,4}[\])]|(?:主编|编著|编译|[著编译绘]|等)+$")
_ARTICLES = frozenset({"the", "a", "an"})


def analyse(record: BibliographicRecord, call_numbers: Iterable[str] = ()) -> AnalysedText:
    """All that is searched of a record. ``call_numbers`` are those of its items. Pure."""
    titles, agents, statements, series, subjects, publishers, other = _prepared(
        [
            [text for title in record.titles for text in _title_texts(title)],
            [text for agent in record.agents for text in (agent.name, *agent.other_forms)],
            [statement.text for statement in record.responsibility],
            [text for one in record.series for text in (one.title, one.number)],
            [text for subject in record.subjects for text in (subject.heading, *subject.subdivisions)],
            [name for imprint in record.publications for name in imprint.publishers],
            list(_other_texts(record)),
        ]
    )
    whole = _whole_titles(record.titles, titles)
    heard = [*((title, reading(title)) for title in whole), *_given_readings(record.titles, titles)]
    titles = [title for title in titles if title]
    named = agents or [name for statement in statements for name in _names(statement)]
    names = [_joined_units(name) for name in named]
    spoken = [one for name in named for one in name_readings(name)]
    return AnalysedText(
        title=_title_field(titles),
        title_words=_unique([word for title in titles for word in words(title)]),
        title_exact=_unique([key for title in whole for key in keys(title)]),
        author=field_tokens([*agents, *statements]),
        author_exact=_unique([name[:LONGEST_KEY] for name in names]),
        series=field_tokens(series),
        subject=field_tokens(subjects),
        publisher=field_tokens(publishers),
        other=field_tokens(other),
        pinyin=_pinyin_tokens(whole, [title.pinyin for title in record.titles if title.pinyin]),
        author_pinyin=_pinyin_tokens(named, []),
        pinyin_exact=_unique(["".join(one)[:LONGEST_KEY] for one in (*(one for _, one in heard), *spoken)]),
        initials=_unique([token for title, one in heard for token in initials.tokens(units(title), one)]),
        author_initials=_unique([token for one in spoken for token in initials.tokens(one, one)]),
        identifiers=_unique(_identifiers(record)),
        call_numbers=_unique(_call_number_tokens(record, call_numbers)),
        sort_title=sort_title(*heard[0]) if whole else "",
    )


def _title_texts(title: Title) -> tuple[str, str, str, str]:
    return title.text, title.remainder, title.volume_number, title.volume_title


def _other_texts(record: BibliographicRecord) -> Iterator[str]:
    for values in (record.editions, record.notes, record.summaries, record.contents):
        yield from [value.text for value in values]
    for imprint in record.publications:
        yield from imprint.places
        if imprint.year is not None:
            yield str(imprint.year)
    yield from [relation.title for relation in record.relations]


def _prepared(groups: list[list[str]]) -> list[list[str]]:
    """The groups with every text prepared: in one go, for what costs is the call and not the length."""
    flat = [text for group in groups for text in group]
    joined = _SEPARATOR.join(flat)
    if joined.count(_SEPARATOR) >= len(flat) > 0:
        joined = _SEPARATOR.join([text.replace(_SEPARATOR, " ") for text in flat])
    prepared = iter(prepare(joined).split(_SEPARATOR))
    return [list(itertools.islice(prepared, len(group))) for group in groups]


def _unique(tokens: Iterable[str]) -> str:
    return " ".join(filter(None, dict.fromkeys(tokens)))


def field_tokens(texts: list[str]) -> str:
    """The tokens of one field: its units in order, then its two-character pieces.

    BREAK stands before every text, so that no phrase runs across and a phrase that begins with BREAK is the beginning of a text.
    """
    found: list[str] = []
    pairs: list[str] = []
    for text in texts:
        if not text:
            continue
        found.append(BREAK)
        for run in RUN.findall(text[:_LONGEST_OTHER]):
            if is_cjk(run):
                found.extend(run)
                pairs.extend(pieces(run))
            else:
                found.append(run[:LONGEST_WORD])
    if pairs:
        found.append(BREAK)
        found.extend(dict.fromkeys(pairs))
    return " ".join(found)


def _title_field(titles: list[str]) -> str:
    numbers = dict.fromkeys(number for title in titles for number in numerals.tokens(title))
    return " ".join([field_tokens(titles), *([BREAK, *numbers] if numbers else [])])


@lru_cache(maxsize=1 << 10)
def words(prepared: str) -> tuple[str, ...]:
    """The words of a prepared text as the segmenter sees them, Latin words and numbers among them."""
    found: list[str] = []
    for run in RUN.findall(prepared):
        if is_cjk(run):
            found.extend(rjieba.cut(run, True))
        else:
            found.append(run[:LONGEST_WORD])
    return tuple(found)


def _joined_units(prepared: str) -> str:
    return "".join(RUN.findall(prepared))


def keys(prepared: str) -> tuple[str, ...]:
    """The whole text as one token, as it is and with its numbers in Arabic figures: equal keys are equal titles.

    A text of nothing but symbols is a title as well.
    """
    plain = _joined_units(prepared)[:LONGEST_KEY]
    if not plain:
        return ("".join(prepared.split())[:LONGEST_KEY],)
    counted = _joined_units(numerals.canonical(prepared))[:LONGEST_KEY]
    return (plain,) if plain == counted else (plain, counted)


def _whole_titles(titles: tuple[Title, ...], prepared: list[str]) -> list[str]:
    """Every title as it may be typed: with its volume, alone, with its other title information; a volume's title by itself.

    The first is the title proper in full.
    """
    found: list[str] = []
    for i in range(len(titles)):
        text, remainder, number, volume = prepared[4 * i : 4 * i + 4]
        counted = next(iter(numerals.tokens(number)), "#" + number)[1:]
        if number or volume:
            found += [f"{text} {counted} {volume}", f"{text} {volume}", f"{text} {counted}", f"{text} {number} {volume}", volume]
        found.append(text)
        if remainder:
            found.append(f"{text} {remainder}")
    return [title for title in dict.fromkeys(found) if title and not title.isspace()]


def _names(statement: str) -> list[str]:
    """The names in a statement of responsibility, for a source that has no headings."""
    return [_ROLE.sub("", name.strip()) for name in _BETWEEN_NAMES.split(statement) if name.strip()]


def reading(title: str) -> tuple[str, ...]:
    """The best reading of a title, one syllable a character; Latin words and numbers as they are."""
    found: list[str] = []
    for word in words(title):
        if is_cjk(word):
            found.extend(pinyin.word_reading(word))
        else:
            found.append(word)
    return tuple(found)


def name_readings(name: str) -> tuple[tuple[str, ...], ...]:
    """The readings of a name in Chinese characters; what follows in Latin letters is left out, a Latin name has none."""
    first = RUN.search(name)
    return pinyin.name_readings(first[0]) if first and is_cjk(first[0]) else ()


def _pinyin_tokens(texts: list[str], given: list[str]) -> str:
    """Syllables and pairs of neighbours in all their readings, and those of the pinyin that the source itself gives.

    Marks and blanks part no neighbours: nobody types them in pinyin (小心，时间的陷阱; 白夜行 上).
    """
    characters: dict[str, None] = {}
    neighbours: dict[str, None] = {}
    for text in texts:
        last = ""
        for run in RUN.findall(text):
            if is_cjk(run):
                characters |= dict.fromkeys(run)
                neighbours |= dict.fromkeys(pieces(last + run))
            last = run[-1] if is_cjk(run) else ""
    found = [*map(pinyin.syllable_tokens, characters), *map(pinyin.pair_tokens, neighbours)]
    for text in given:
        syllables = _syllables(text)
        found.extend(syllables)
        found.extend(f"{a}'{b}" for a, b in itertools.pairwise(syllables))
    return _unique(found)


def _syllables(given: str) -> list[str]:
    return [syllable for syllable in units(prepare(given)) if syllable in pinyin.SYLLABLES]


def _given_readings(titles: tuple[Title, ...], prepared: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Titles with the readings that the source itself gives, where those have one syllable a character and nothing else."""
    for i, title in enumerate(titles):
        syllables = _syllables(title.pinyin) if title.pinyin else []
        if syllables and len(syllables) == len(units(prepared[4 * i])) and all(map(is_cjk, units(prepared[4 * i]))):
            yield prepared[4 * i], tuple(syllables)


def _identifiers(record: BibliographicRecord) -> Iterator[str]:
    for identifier in record.identifiers:
        yield bare(identifier.value)
        if identifier.scheme == "isbn" and not identifier.valid:
            yield searched(identifier.value)
    yield from [bare(one.issn) for one in record.series if one.issn]


def class_prefixes(number: str) -> list[str]:
    """A class number and everything above it: "I247.5" gives I, I2, I24, I247, I247.5. Capitals, without blanks."""
    number = "".join(number.upper().split())[:LONGEST_WORD]
    return [number[:length] for length in range(1, len(number) + 1) if number[length - 1].isalnum()]


def _call_number_tokens(record: BibliographicRecord, call_numbers: Iterable[str]) -> Iterator[str]:
    numbers = [one.number for one in record.classifications] + [prepare(number) for number in call_numbers]
    for number in dict.fromkeys(numbers):
        yield from class_prefixes(number)


def sort_title(title: str, reading: tuple[str, ...]) -> str:
    """Orders titles by pinyin, Latin letters and numbers among it, a leading English article passed over; ASCII only.

    Homophones are parted by their characters, so that editions of one title stand together. Numbers order by value.
    """
    parts = list(reading[:24])
    if len(parts) > 1 and parts[0] in _ARTICLES:
        del parts[0]
    characters = "".join(f"{ord(c):04x}" for c in _joined_units(title)[:10] if not c.isascii())
    return f"{'.'.join(map(_sortable, parts))}-{characters}" if parts else ""


def _sortable(part: str) -> str:
    if part.isascii():
        return part.zfill(6) if part.isdecimal() else part[:LONGEST_WORD]
    return "".join(c if c.isascii() else f"zz{ord(c):05x}" for c in part[:24])
