"""How a query fits one record: where it stands there as it was typed, or else what of it is misspelt, and at which price."""

from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Sequence as Ordered
from dataclasses import dataclass

from union_catalog.search.characters import is_cjk, prepare, units
from union_catalog.search.corrections.alignment import AKIN, ANY_OTHER, HOMOPHONE, MISSING, SLIP, SWAPPED, TWIN, Aligned, Edit, align
from union_catalog.search.corrections.candidates import ANYWHERE, SPOKEN, mistakes_allowed, tokens_of
from union_catalog.search.corrections.numbering import is_number, numbering
from union_catalog.search.corrections.rewriting import leaf_text, mended
from union_catalog.search.corrections.slips import readings, splits
from union_catalog.search.holding import Held, holds
from union_catalog.search.matches import FIELDS, Match, Sequence, Token, all_of, any_of
from union_catalog.search.nodes import Either, Every, Field, Leaf, Node, Not, ParsedQuery, Words, leaves
from union_catalog.search.plan import leaf_match, mistakable, words_together
from union_catalog.search.text import BREAK, keys, words
from union_catalog.search.wanted import phrase

_HEARD, _UNDONE = 30, 50  # what another reading in pinyin costs: one that sounds alike, one with a slip undone
_RUN_TOGETHER = 40
_PART = 35  # what it costs that so few units are no whole title or name, but a part of one
_TWIN_PART = 15  # the same where nothing but a stroke is wrong: 土地 is likelier meant by 士地 than 甘地, a name
_SHORT = 3  # so few units are like too many things: a dear mistake in them must leave no doubt


@dataclass(frozen=True, slots=True)
class Fit:
    """How a record fits: what it costs, whether a whole title or name is meant, and what is written there in the place of which leaf.

    ``loose``: a part of the query stands there as it was typed, but not as a word, so that alone it would tell nothing.
    ``faint``: so little was typed, and so little of the record is meant, that it may be offered and no more.
    """

    cost: int = 0
    whole: bool = True
    risky: bool = False
    meant: tuple[tuple[Leaf, str], ...] = ()
    loose: bool = False
    faint: bool = False


def likeliness(fit: Fit) -> tuple[int, bool]:
    return fit.cost, not fit.whole


class Parts:
    """A query made ready to be compared with many records."""

    def __init__(self, query: ParsedQuery) -> None:
        self._nodes = query.nodes
        self._together = _Together(words_together(query.nodes))
        self._texts = {leaf: mistakable(leaf) for leaf in leaves(query.nodes)}
        self._respellings = {leaf: _respellings(text) for leaf, text in self._texts.items()}
        self._exact = {leaf: _exact(leaf, text) for leaf, text in self._texts.items() if text}
        self._telling = [leaf for leaf, text in self._texts.items() if len(units(text)) > 1 and not is_number(text)]
        several = len(self._exact) > 1
        self._standing = {leaf: _standing(leaf, text) for leaf, text in self._texts.items() if text and several}

    def fit(self, record: Held) -> Fit | None:
        """The cheapest way to find the query in the record: its words one by one, or all in one title."""
        fit = self._every(self._nodes, record)
        joined = self._together.fit(record)
        if joined is None or (fit is not None and likeliness(fit) <= likeliness(joined)):
            return fit
        rest = self._every([node for node in self._nodes if node not in self._together.leaves], record)
        return None if rest is None else _sum((rest, joined))

    def _every(self, nodes: Iterable[Node], record: Held) -> Fit | None:
        found: list[Fit] = []
        for node in nodes:
            fit = self._node(node, record)
            if fit is None:
                return None
            found.append(fit)
        return _sum(found)

    def _node(self, node: Node, record: Held) -> Fit | None:
        match node:
            case Not():
                return Fit()
            case Every(nodes):
                return self._every(nodes, record)
            case Either(nodes):
                fits = [fit for one in nodes if (fit := self._node(one, record)) is not None]
                return min(fits, key=lambda fit: fit.cost, default=None)
            case _:
                return self._leaf(node, record)

    def _leaf(self, leaf: Leaf, record: Held) -> Fit | None:
        text = self._texts[leaf]
        if not text or holds(self._exact[leaf], record):
            return Fit()
        if leaf in self._standing and holds(self._standing[leaf], record):
            return Fit(loose=True)
        if is_number(text):
            return None
        fits = [
            *_aligned(leaf, text, record, alone=len(self._telling) <= 1),
            *_respelt(leaf, self._respellings[leaf], record),
            *_split(leaf, text, record),
        ]
        return min(fits, key=lambda fit: (fit.cost, not fit.whole, fit.meant[0][1]), default=None)


def _sum(fits: Ordered[Fit]) -> Fit:
    return Fit(
        sum(fit.cost for fit in fits),
        all(fit.whole for fit in fits),
        any(fit.risky for fit in fits),
        tuple(dict.fromkeys(one for fit in fits for one in fit.meant)),
        any(fit.loose for fit in fits),
        any(fit.faint for fit in fits),
    )


class _Together:
    """The words of a query as one text: what is mistaken in a word too short to tell by itself, the others tell."""

    def __init__(self, together: Ordered[Words]) -> None:
        self.leaves = together
        self._typed: list[str] = []
        self._begins: list[int] = []
        self._fixed: set[int] = set()
        for leaf in together:
            begin, text = len(self._typed), mistakable(leaf)
            self._begins.append(begin)
            self._typed += units(text)
            self._fixed |= {begin + place for place in numbering(text)}

    def fit(self, record: Held) -> Fit | None:
        """The cheapest way to find all of them side by side in a title; None for a single word, or where it is nowhere."""
        if len(self.leaves) < 2 or len(self._typed) <= _SHORT:
            return None
        ways = (align(self._typed, value, _most(self._typed), self._fixed) for value in record.values("title"))
        fits = [fit for way in ways if way is not None and way.cost and (fit := self._told(way)) is not None]
        return min(fits, key=likeliness, default=None)

    def _told(self, way: Aligned) -> Fit | None:
        """The edits, each in its word; one across two words is no slip."""
        of: dict[int, list[Edit]] = {}
        for edit in way.edits:
            at = bisect_right(self._begins, edit.start) - 1
            begin = self._begins[at]
            if edit.end > (self._begins[at + 1] if at + 1 < len(self._begins) else len(self._typed)):
                return None
            of.setdefault(at, []).append(Edit(edit.start - begin, edit.end - begin, edit.meant))
        meant = tuple((self.leaves[at], mended(self.leaves[at].text, edits)) for at, edits in of.items())
        return Fit(way.cost, way.whole, risky=False, meant=meant) if all(text for _, text in meant) else None


def _exact(leaf: Leaf, text: str) -> Match:
    """Where a leaf stands as it was typed.

    Words are looked for one by one only where they stand as words: single characters, which the segmenter makes of what it does not know,
    stand in any long text. Two characters side by side are often the end of one word and the beginning of the next (推广学), so in titles
    they must be a word, or begin one. The number of a volume is one in a title only.
    """
    typed, fields = units(text), _fields(leaf, FIELDS)
    if len(typed) == 2 and is_cjk(typed[0]) and is_cjk(typed[1]) and not is_number(text):
        ways: list[Match] = [Sequence(field, (BREAK, *typed)) for field in fields]
        ways += [phrase("subject", text)] if "subject" in fields else []
        ways += [Token("title_words", text)] if "title" in fields else []
    elif is_number(text):
        ways = [leaf_match(leaf if isinstance(leaf, Field) else Field("title", Words(text)))]  # 上 in 上海古籍出版社 is no volume
    else:
        ways = [phrase(field, text) for field in fields] if typed else []
        if len(typed) == 1:
            ways.append(leaf_match(leaf))
        ways.append(all_of(_word(word, fields) for word in words(text)))
    if "title" in fields:
        ways.append(Token("title_exact", keys(text)[0]))
    return any_of(ways)


def _standing(leaf: Leaf, text: str) -> Match:
    """Where a part of several stands side by side, be it within a name: 霍金 in 史蒂芬·霍金."""
    return any_of([phrase(field, text) for field in _fields(leaf, FIELDS)] if len(units(text)) > 1 else [])


def _word(word: str, fields: tuple[str, ...]) -> Match:
    """Where a word stands as one: in titles by the segmenter's own reading of them, elsewhere at a beginning or in a name.

    A single character is none.
    """
    if is_cjk(word) and len(word) == 1:
        return any_of(())
    ways: list[Match] = [Sequence(field, (BREAK, *units(word))) for field in fields]
    ways += [phrase("author", word)] if "author" in fields else []
    return any_of([*ways, *([Token("title_words", word)] if "title" in fields else [])])


def _fields(leaf: Leaf, anywhere: tuple[str, ...]) -> tuple[str, ...]:
    return (leaf.name,) if isinstance(leaf, Field) else anywhere


def _aligned(leaf: Leaf, text: str, record: Held, *, alone: bool) -> Iterable[Fit]:
    """The leaf as a misspelling of a part of a title or name. ``alone``: nothing else in the query tells what was meant."""
    typed, fixed = units(text), numbering(text)
    for value in (value for field in _fields(leaf, ANYWHERE) for value in record.values(field)):
        found = align(typed, value, _most(typed), fixed)
        if found is None or not found.cost:
            continue
        cost, meant, faint = found.cost, mended(leaf_text(leaf), found.edits), False
        if not found.whole and len(typed) <= _SHORT and is_cjk(typed[0]):
            little = alone and len(typed) == 2
            if cost > (HOMOPHONE if little else MISSING) or (little and prepare(meant) not in record.tokens("title_words")):
                continue
            faint = little and cost > TWIN
            cost += _PART if cost >= HOMOPHONE else _TWIN_PART
        risky = faint or (len(typed) <= _SHORT and found.cost > (HOMOPHONE if len(typed) == 2 else SWAPPED))
        yield Fit(cost, found.whole, risky, ((leaf, meant),), faint=faint)


def _most(typed: list[str]) -> int:
    """What mistakes in so many units may cost."""
    if len(typed) == 1:
        return 0 if is_cjk(typed[0]) else 2 * SLIP
    return max(AKIN, MISSING) if len(typed) == 2 else mistakes_allowed(len(typed)) * ANY_OTHER


@dataclass(frozen=True, slots=True)
class _Respelling:
    """A word as other pinyin: what it costs, how it is typed, and what tells that a title or name is read so."""

    cost: int
    text: str
    tokens: frozenset[str]


def _respellings(text: str) -> tuple[_Respelling, ...]:
    """What a leaf may be as pinyin with a slip in it, the cheapest first; none for what is no single Latin word."""
    typed = units(text)
    if len(typed) != 1 or is_cjk(typed[0]):
        return ()
    return tuple(_Respelling(_HEARD if one.heard else _UNDONE, one.text, frozenset(tokens_of(one.syllables))) for one in readings(typed[0]))


def _respelt(leaf: Leaf, respellings: Iterable[_Respelling], record: Held) -> Iterable[Fit]:
    """The leaf put right in pinyin."""
    spoken = [record.tokens(SPOKEN[field]) for field in _fields(leaf, ANYWHERE) if field in SPOKEN]
    for one in respellings:
        if any(one.tokens <= tokens for tokens in spoken):
            yield Fit(one.cost, whole=False, meant=((leaf, one.text),))
            return


def _split(leaf: Leaf, text: str, record: Held) -> Iterable[Fit]:
    """The leaf as two words of a title that were run together."""
    typed = units(text)
    if isinstance(leaf, Words) and len(typed) == 1:
        title = record.tokens("title")
        pairs = ((a, b) for a, b in splits(typed[0]) if a in title and b in title)
        yield from (Fit(_RUN_TOGETHER, whole=False, meant=((leaf, f"{a} {b}"),)) for a, b in pairs)
