"""Which of the records that are like a query tell what was meant: the cheapest mistake, and of equals the one that most libraries hold."""

from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Ordered
from dataclasses import dataclass, replace

from union_catalog.search.characters import RUN, is_cjk, units
from union_catalog.search.corrections.fitting import Fit, Parts, likeliness
from union_catalog.search.corrections.numbering import is_number, numbering, renumbered, without_numbering
from union_catalog.search.corrections.rewriting import leaf_text, mended, rewritten
from union_catalog.search.holding import Held, holds
from union_catalog.search.matches import Match, Sequence, Token, any_of
from union_catalog.search.nodes import Either, Field, Leaf, ParsedQuery, Words, describe, leaves, spread
from union_catalog.search.plan import mistakable, words_together
from union_catalog.search.text import BREAK, keys

_MOST_LETTERS = 2  # a word of no more Latin letters is taken as it is
_MANY_LETTERS = 8  # so many are no title's initials by chance
_FAR_MORE = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be meant. ``holdings``: how many libraries hold it."""

    held: Held
    holdings: int


@dataclass(frozen=True, slots=True)
class Meant:
    """``query`` is what was meant, ``words`` what is written in it in the place of which leaf.

    ``whole``: a whole title or name is meant. ``stands``: a record has the query as it was typed as well. ``certain``: what was typed
    finds nothing at all, so this may stand in its place. ``unheld``: the title is spelt right, but no record of it has the volume that was
    typed, whatever else has its number.
    """

    query: str
    words: Mapping[Leaf, str]
    whole: bool = True
    stands: bool = False
    certain: bool = True
    unheld: bool = False


def may_be_mistaken(query: ParsedQuery) -> bool:
    """Whether there is anything in a query that a mistake can be looked for in: more than one character, more than two letters."""
    return any(_is_long_enough(mistakable(leaf)) for leaf in leaves(query.nodes))


def _is_long_enough(text: str) -> bool:
    typed = units(text)
    if is_number(text):
        return False
    return len(typed) > 1 or (len(typed) == 1 and not is_cjk(typed[0]) and len(typed[0]) > _MOST_LETTERS)


def fits_as_typed(query: ParsedQuery, records: Iterable[Held]) -> bool:
    """Whether a record has every word of the query as it was typed, all of a part in one place: then nothing was mistaken."""
    parts = Parts(query)
    return any((fit := parts.fit(record)) is not None and not fit.cost for record in records)


def is_whole(query: ParsedQuery, records: Iterable[Held]) -> bool:
    """Whether a record has what was typed as whole titles or names: every word by itself, or the words together as one title.

    As good as a title is its whole reading in pinyin, and its initials where they are many; beside a whole name also the beginning of a
    title: 书商的 沈昌文.
    """
    together = words_together(query.nodes)
    words = [mistakable(leaf) for leaf in together]
    apart = [text for leaf in leaves(query.nodes) if leaf not in together and (text := mistakable(leaf))]
    ways = [(*apart, *words)] if len(words) < 2 else [(*apart, *words), (*apart, " ".join(words))]
    return any(_are_whole(texts, record) for record in records for texts in ways)


def _are_whole(texts: Ordered[str], record: Held) -> bool:
    others = [text for text in texts if not holds(Token("author_exact", keys(text)[0]), record)]
    if all(holds(_whole_title(text), record) for text in others):
        return True
    return len(others) < len(texts) and all(holds(Sequence("title", (BREAK, *units(text))), record) for text in others)


def _whole_title(text: str) -> Match:
    read = "".join(RUN.findall(text))
    initials = [Token("initials", "=" + read)] if len(read) >= _MANY_LETTERS else []
    return any_of((Token("title_exact", keys(text)[0]), Token("pinyin_exact", read), *initials))


def chosen(query: ParsedQuery, candidates: Ordered[Candidate]) -> Meant | None:
    """The query with its mistakes put right; None where nothing else can be meant, or nobody can tell what.

    The same for the same candidates, in whatever order they come.
    """
    parts = Parts(query)
    fits = [(fit, candidate) for candidate in candidates if (fit := parts.fit(candidate.held)) is not None]
    found: dict[tuple[tuple[Leaf, str], ...], tuple[Fit, int]] = {}
    for fit, candidate in fits:
        if fit.cost:
            known, support = found.get(fit.meant, (fit, 0))
            found[fit.meant] = min(known, fit, key=likeliness), support + max(1, candidate.holdings)
    if not found:
        return None
    best, support = min(found.values(), key=_likelier)
    if best.risky and not best.faint:  # 自已 is no title 滋译 that one library holds, but 自己, that stands in so many
        common = [one for one in found.values() if one[0].faint and one[1] >= _FAR_MORE * support]
        best, support = min(common, key=_likelier, default=(best, support))
    rivals = (other for fit, other in found.values() if fit.cost == best.cost and fit.meant != best.meant)
    if best.risky and 2 * max(rivals, default=0) >= support:
        return None
    stands = any(not fit.cost and not fit.loose for fit, _ in fits)
    return Meant(rewritten(query, dict(best.meant)), dict(best.meant), best.whole, stands, certain=not best.faint)


def _likelier(one: tuple[Fit, int]) -> tuple[tuple[int, bool], int, list[str]]:
    fit, support = one
    return likeliness(fit), -support, [words for _, words in fit.meant]


def unnumbered(query: ParsedQuery) -> ParsedQuery:
    """The query without the numbers of volumes in its words."""
    nodes = (
        Words(without_numbering(text)) if isinstance(node, Words) and (text := mistakable(node)) and numbering(text) else node
        for node in query.nodes
    )
    return replace(query, nodes=tuple(node for node in nodes if node != Words("")))


def otherwise_numbered(query: ParsedQuery) -> tuple[Meant, ...]:
    """The query with the numbers of volumes in its words written otherwise, the likeliest first."""
    told = [(node, renumbered(mistakable(node))) for node in query.nodes if isinstance(node, Words)]
    ways: list[dict[Leaf, str]] = [
        {leaf: mended(leaf_text(leaf), edits[way]).strip() for leaf, edits in told if edits[way]} for way in (0, 1)
    ]
    return tuple(Meant(rewritten(query, words), words) for words in ways if words)


def in_titles(query: ParsedQuery) -> ParsedQuery:
    """The query with what names a volume in it looked for in titles only: 上 is no part of 上海古籍出版社."""
    nodes = tuple(
        Field("title", node) if isinstance(node, Words) and (text := mistakable(node)) and numbering(text) else node for node in query.nodes
    )
    return replace(query, text=describe(nodes), nodes=nodes)


def alternatives(query: ParsedQuery) -> tuple[ParsedQuery, ...]:
    """The query with one alternative at a time in the place of all of them, where it offers any between its other parts; else itself."""
    at = next((i for i, node in enumerate(query.nodes) if isinstance(node, Either)), None)
    if at is None:
        return (query,)
    either = query.nodes[at]
    ways = either.nodes if isinstance(either, Either) else ()
    return tuple(replace(query, nodes=spread((*query.nodes[:at], way, *query.nodes[at + 1 :]))) for way in ways)
