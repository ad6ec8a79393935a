"""What is fetched to be compared with a misspelt query: records in whose titles or names most of it stands, or something that sounds so.

In the kinds of ``matches.py``, so every engine finds the same. It is generous: which of the records are like the query is told by
comparing them (see choosing.py).
"""

import itertools
from collections.abc import Iterator

from union_catalog.search.characters import RUN, is_cjk, pieces, units
from union_catalog.search.corrections import slips
from union_catalog.search.corrections.lookalikes import lookalikes, twins
from union_catalog.search.corrections.sounds import pairs_like
from union_catalog.search.matches import AnyToken, AtLeast, Match, Sequence, Token, Weighed, all_of, any_of
from union_catalog.search.pinyin import readings as sounds_of
from union_catalog.search.pinyin import segmentations
from union_catalog.search.text import BREAK, LONGEST_KEY

ANYWHERE = ("title", "author")
SPOKEN = {"title": "pinyin", "author": "author_pinyin"}
_WHOLE = {"title": "title_exact", "author": "author_exact"}
_TWO_MISTAKES = 8  # so many units may have two mistakes
_RANKED_PARTS = 4
_RANKED_PIECES = 10
_LOOKS_VARIED, _LOOKS_EACH = 12, 32
_MOST_SPELLINGS = 32
_MOST_KEYS = 512
_WORTH_WHOLE, _WORTH_TWIN, _WORTH_SOUND, _WORTH_START, _WORTH_PIECE = 40, 30, 20, 4, 2


def mistakes_allowed(length: int) -> int:
    """How many units of so many may be wrong at all."""
    return 2 if length >= _TWO_MISTAKES else 1


def near(text: str, fields: tuple[str, ...]) -> list[Match]:
    """The records that have something like a prepared text in one of the fields; none for what is too short to be mistaken."""
    typed = units(text)
    found: list[Match] = []
    if len(typed) > 1:
        for field in fields:
            found += [*_mostly(field, text, typed), *_sounding(field, text, typed), *_looking(field, typed)]
    elif typed:
        found += [AnyToken(field, edited) for field in fields if (edited := slips.edits(typed[0]))]
        found += _pinyin(typed[0], fields)
        found += [all_of([Token("title", a), Token("title", b)]) for a, b in slips.splits(typed[0]) if "title" in fields]
    return found


def weighed(parts: list[str]) -> tuple[tuple[Weighed, ...], ...]:
    """What brings the likeliest of those records to the front, for the first parts of a query."""
    return tuple(group for text in parts[:_RANKED_PARTS] for group in _weighed(text, units(text)) if group)


def _mostly(field: str, text: str, typed: list[str]) -> Iterator[Match]:
    """All but one or two of the units, and where there are enough of them as many pieces as a mistake can leave whole."""
    wrong = mistakes_allowed(len(typed))
    wanted = dict.fromkeys(typed)
    if len(typed) == 2 and len(wanted) == 2:
        yield all_of([Sequence(field, (BREAK, typed[0])), Token(field, typed[1])])
    if len(wanted) < 3:
        return
    most: list[Match] = [AtLeast(len(wanted) - wrong, tuple(_unit(field, unit) for unit in wanted))]
    halves = list(dict.fromkeys(_pieces(text)))
    intact = len(halves) - 2 * wrong
    if intact > 0:
        most.append(AtLeast(intact, tuple(Token(field, piece) for piece in halves)))
    yield all_of(most)


def _unit(field: str, unit: str) -> Match:
    return Token(field, unit) if is_cjk(unit) else AnyToken(field, (unit, *slips.edits(unit)))


def _pieces(text: str) -> list[str]:
    return [piece for run in RUN.findall(text) if is_cjk(run) for piece in pieces(run)]


def _sounding(field: str, text: str, typed: list[str]) -> Iterator[Match]:
    """Every pair of neighbours sounds as it was typed."""
    spoken = SPOKEN.get(field)
    if spoken and all(map(is_cjk, typed)):
        sounds = [pairs_like(piece) for piece in _pieces(text)]
        if sounds and all(sounds):
            yield all_of(AnyToken(spoken, pairs) for pairs in sounds)


def _looking(field: str, typed: list[str]) -> Iterator[Match]:
    """Two characters of which one looks like another; longer texts are found by what is right in them."""
    if len(typed) == 2 and all(map(is_cjk, typed)):
        first, last = typed
        yield AnyToken(field, (*(one + last for one in lookalikes(first)), *(first + one for one in lookalikes(last))))


def _pinyin(typed: str, fields: tuple[str, ...]) -> Iterator[Match]:
    """The word as pinyin with a slip in it: another syllable in the place of one of its own, or one letter put right."""
    if not slips.may_be_pinyin(typed):
        return
    ways = segmentations(typed)
    for field in fields:
        spoken = SPOKEN.get(field)
        if spoken is None:
            continue
        for way in ways:
            yield from (_respoken(spoken, way, i) for i in range(len(way)))
        if not ways:
            yield from (all_of(Token(spoken, one) for one in tokens_of(reading.syllables)) for reading in slips.readings(typed))
    if edited := slips.edits(typed):
        yield AnyToken("pinyin_exact", edited)


def _respoken(spoken: str, way: list[str], at: int) -> Match:
    options = [(syllable,) if i != at else slips.syllables_near(syllable) for i, syllable in enumerate(way)]
    if len(way) == 1:
        return AnyToken(spoken, options[0])
    return all_of(AnyToken(spoken, tuple(f"{x}'{y}" for x in a for y in b)) for a, b in itertools.pairwise(options))


def tokens_of(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens by which syllables side by side are found (see ``pinyin.pair_tokens``)."""
    return syllables if len(syllables) == 1 else tuple(f"{a}'{b}" for a, b in itertools.pairwise(syllables))


def _weighed(text: str, typed: list[str]) -> Iterator[tuple[Weighed, ...]]:
    """Whole titles that are like the text, then what sounds like it, then every piece that is right."""
    if len(typed) < 2:
        edited = slips.edits(text)
        if edited:
            yield Weighed(_WORTH_WHOLE, AnyToken("pinyin_exact", edited)), Weighed(_WORTH_SOUND, AnyToken("title", edited))
        return
    whole_keys = _keys(typed)
    whole = [Weighed(_WORTH_WHOLE, AnyToken(_WHOLE[field], whole_keys)) for field in ANYWHERE]
    whole += [Weighed(_WORTH_WHOLE, AnyToken("pinyin_exact", spelt)) for spelt in [_spellings(typed)] if spelt]
    whole += [Weighed(_WORTH_TWIN, any_of(Sequence(field, one) for one in twinned)) for field in ANYWHERE if (twinned := _twinned(typed))]
    whole += [Weighed(_WORTH_SOUND, match) for field in ANYWHERE for match in (*_sounding(field, text, typed), *_looking(field, typed))]
    yield tuple(whole)
    yield (Weighed(_WORTH_START, Sequence("title", (BREAK, typed[0]))),)
    for piece in _pieces(text)[:_RANKED_PIECES]:
        yield Weighed(_WORTH_PIECE, any_of(Token(field, piece) for field in ANYWHERE)), Weighed(1, AnyToken("pinyin", pairs_like(piece)))


def _keys(typed: list[str]) -> tuple[str, ...]:
    """Whole titles that one mistake makes of this text: a unit less, a look-alike for one."""
    shorter = ("".join(typed[:i] + typed[i + 1 :]) for i in range(len(typed)))
    looks = (
        "".join([*typed[:i], one, *typed[i + 1 :]])
        for i, unit in enumerate(typed[:_LOOKS_VARIED])
        for one in lookalikes(unit)[:_LOOKS_EACH]
    )
    return tuple(key[:LONGEST_KEY] for key in itertools.islice(dict.fromkeys(itertools.chain(shorter, looks)), _MOST_KEYS))


def _twinned(typed: list[str]) -> list[tuple[str, ...]]:
    """The text with one of its characters as another that differs by a stroke."""
    return [(*typed[:i], twin, *typed[i + 1 :]) for i, unit in enumerate(typed[:_LOOKS_VARIED]) for twin in twins(unit)]


def _spellings(typed: list[str]) -> tuple[str, ...]:
    """The pinyin of a whole title that sounds like this text."""
    options = [(is_cjk(unit) and sounds_of(unit)) or (unit,) for unit in typed]
    return tuple("".join(way)[:LONGEST_KEY] for way in itertools.islice(itertools.product(*options), _MOST_SPELLINGS))
