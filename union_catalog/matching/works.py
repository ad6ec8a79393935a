"""Works: the keys by which editions, reprints, volumes and translations of one text by one creator find each other.

Two records belong to one work if they share a key, or hang together by others that do: a translation that tells its original title ties
the titles of other translations to it. An adaptation (改编, 缩写, 青少版, 漫画, a film) is a work of its own.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from hashlib import blake2b

from union_catalog.bibliographic.folding import fold
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.matching.authorities import is_listed
from union_catalog.matching.comparisons import is_telling
from union_catalog.matching.features import Features
from union_catalog.matching.names import is_han, last_part
from union_catalog.matching.sounds import onset_of, sound_of
from union_catalog.matching.work_titles import WorkTitle, bare, creator_of, listed_work, title_form

MOST_KEYS = 4

_COLLECTED = re.compile(
    "^(?P<whose>.{0,12}?)(?P<what>(?:小说|散文|诗歌|诗|戏剧|剧作|童话|书信|杂文|随笔|日记|作品|著作|文|中短篇小说|短篇小说)?(?:全集|文集|选集|自选集)|全集|文集"
    "|选集|作品集|作品选|小说选|散文选|诗选|文选|文存)$"
)
_COLLECTED_LETTERS = tuple("集选存")  # with one of which what _COLLECTED matches ends
_ADAPTING = re.compile("改编|改写|改寫|缩写|縮寫|缩编|编绘|編繪|adapted|retold|abridged", re.IGNORECASE)
_ADAPTED_WORDS = "节编|青少|少儿|少兒|少年|幼儿|缩写|简写|改写|改编|漫画|漫畫|连环画|連環畫|卡通"
_ADAPTED = re.compile(_ADAPTED_WORDS)
_IN_BRACKETS = re.compile(rf"[(（\[【][^()（）\[\]【】]*(?:{_ADAPTED_WORDS})[^()（）\[\]【】]*[)）\]】]?")
_PROGRAMMING = re.compile(r"(C\+\+|C#|C|Java|Python|Pascal|PHP|Go|JavaScript)\s*(?:语言)?\s*(?:描述)?版", re.IGNORECASE)
_NO_ONE = re.compile("编写组|编委会|编辑部|编写委员会|本社")
_UPTO_SUBTITLE = re.compile(r"\s*[:：=/]\s*|\.\s+(?:chinese|english|japanese|汉语|中文)\b", re.IGNORECASE)
_COMMON_ORIGINAL = re.compile(
    "^(?:(?:selected|collected|complete)?(?:works|poems|essays|novels|plays|stories|shortstories|letters|correspondence|speeches|prose)"
    "|selections|全集|选集|文集|作品|诗选)$"
)
_LATE = frozenset({"translator", "illustrator", "proofreader", "reviewer", "annotator", "photographer"})
_TELLING_ORIGINAL = 8  # letters of an original title that tells the work together with how its author's name begins
_ALONE = 8  # characters of a title without a creator that are enough to tell the work


def work_keys(features: Features, record: BibliographicRecord) -> tuple[int, ...]:
    """Signed 64-bit keys that the editions of one work share, four at most; none for a record without a title.

    Creator and title (both as they stand in the tables of names and titles), creator and original, uniform or parallel title. A
    creator's collected works (全集, 文集) are one work for each creator. Without a creator a long telling title stands alone; a common one
    is tied to its publisher.
    """
    return tuple(dict.fromkeys(map(_number, _texts(features, record))))[:MOST_KEYS] if features.core else ()


@lru_cache(maxsize=1 << 14)
def _number(parts: tuple[str, ...]) -> int:
    text = "\x1f".join(("work", *parts))
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def _texts(features: Features, record: BibliographicRecord) -> Iterator[tuple[str, ...]]:
    core = bare(features.core) + _language(record)
    others = _other_titles(record, core) if len(record.titles) > 1 or record.relations else ()
    named = _named(features, record)
    by_core = listed_work((core,), named)
    with_subtitle = features.title != features.core
    listed = by_core or listed_work((bare(features.title), *others) if with_subtitle else others, named)
    if features.carrier == "video":  # a film or a series is a work of its own, whatever it was made from
        yield "video", (listed or (core,))[0], *(last_part(name) for name in features.names[:1])
        return
    if _is_adapted(record):
        yield "adapted", (listed or (core,))[0], _adapter(features, record)
        return
    if by_core and with_subtitle and not features.volume and _holds_another(by_core, features, named):
        yield features.title, by_core.creator  # 局外人/鼠疫: two works in one book are a third
        return
    if listed:
        yield listed
    if by_core or not (listed and with_subtitle):  # 哈利波特: 消失的密室: what stands before the colon is more than this work
        yield from _told(features, "" if by_core else core, others, told=listed is not None)
        if features.names and (heard := sound_of(features.names[0])):
            yield "sound", core, heard
        originals = [title for title in (core, *others) if title.isascii() and len(title) >= _TELLING_ORIGINAL]
        if originals and features.names and (onset := onset_of(features.names[: features.lead or 1])):
            yield from (("original", title, onset) for title in originals)


def _holds_another(work: WorkTitle, features: Features, named: Collection[str]) -> bool:
    return any((other := listed_work((title,), named)) and other != work for title in features.others)


def _told(features: Features, core: str, others: Collection[str], *, told: bool) -> Iterator[tuple[str, ...]]:
    """Keys from what the record says by itself; ``told``: the work is known already."""
    first = features.names[: features.lead or 1]
    creators = tuple(dict.fromkeys(map(creator_of, first)))
    if collected := _collected(core, creators, features.names):
        yield collected
    elif creators:
        if core:
            yield core, creators[0]
            yield from ((core, creator) for creator in creators[1:] if creator.isascii() is not creators[0].isascii())
        yield from ((title, creator) for title in others for creator in creators)
    elif core and not told:
        yield _without_creator(features, core)


def _language(record: BibliographicRecord) -> str:
    """C语言版 of a textbook: another text than its Java版."""
    proper = record.title_proper
    found = _PROGRAMMING.search(f"{proper.text} {proper.remainder}") if proper and "版" in proper.text + proper.remainder else None
    return fold(found[1]) if found else ""


def _named(features: Features, record: BibliographicRecord) -> Collection[str]:
    """All who are named; nobody, if those who are named only served another's text."""
    if record.agents and all(agent.roles and _LATE.issuperset(agent.roles) for agent in record.agents):
        return ()
    return set(map(creator_of, features.names))


def _other_titles(record: BibliographicRecord, core: str) -> tuple[str, ...]:
    """Original, uniform and parallel titles without their subtitles, and variant ones in another script."""
    told = [relation.title for relation in record.relations if relation.kind == "translation_of"]
    for title in record.titles:
        foreign = title.kind == "variant" and is_han(title.text) is not is_han(core)
        if title.kind in ("uniform", "parallel") or foreign:
            told.append(title.text)
    titles = dict.fromkeys(title_form(_UPTO_SUBTITLE.split(text, maxsplit=1)[0]) for text in told)
    return tuple(title for title in titles if title and title != core and not _COMMON_ORIGINAL.match(title))


def _is_adapted(record: BibliographicRecord) -> bool:
    """The statement of responsibility says who adapted, or the edition statement or brackets behind the title that it was."""
    proper = record.title_proper
    return (
        any(_ADAPTING.search(text.text) for text in record.responsibility)
        or any(_ADAPTED.search(text.text) for text in record.editions)
        or (proper is not None and bool(_IN_BRACKETS.search(proper.text) or (proper.remainder and _ADAPTED.match(proper.remainder))))
    )


def _adapter(features: Features, record: BibliographicRecord) -> str:
    """Who adapted, as far as it is a person; else the house that had it done."""
    names = (agent.name for agent in record.agents if "adapter" in agent.roles or "illustrator" in agent.roles)
    person = next((name for name in names if not _NO_ONE.search(name)), "")
    return fold(person) or "".join(features.publishers[:1])


def _collected(core: str, creators: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...] | None:
    """全集 of its creator, whose name may stand before it; it may be the only place where he is named."""
    found = _COLLECTED.match(core) if core.endswith(_COLLECTED_LETTERS) else None
    if not found:
        return None
    whose = found["whose"]
    if whose and (is_listed(whose) or any(whose == name.replace(" ", "") or whose == last_part(name) for name in names)):
        return found["what"], creator_of(whose)
    return (found["what"], creators[0]) if creators and not whose else None


def _without_creator(features: Features, core: str) -> tuple[str, ...]:
    if is_telling(core) and len(core) >= _ALONE:
        return (core,)
    if features.publishers:
        return core, "", features.publishers[0]
    return core, "", str(features.year), *features.isbns[:1], features.volume
