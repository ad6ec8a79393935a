"""A record made ready for the transaction: everything that can be computed from it alone, outside any transaction, on any core."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from union_catalog.bibliographic.corrections import Correction, corrected, fields_written
from union_catalog.bibliographic.record import BibliographicRecord
from union_catalog.holdings.model import ReportedItem
from union_catalog.matching.features import Features, features_of
from union_catalog.matching.keys import keys_of
from union_catalog.matching.merging import MemberRecord, merge
from union_catalog.matching.works import work_keys
from union_catalog.search.text import analyse
from union_catalog.storage.values import compress, pack, unpack


class Arrival(msgspec.Struct, frozen=True):
    """A record read from a feed, before anything is known about it here. ``raw`` are its bytes as they came."""

    record_id: str
    version: str
    digest: str
    deleted: bool
    raw: bytes
    record: BibliographicRecord
    items: tuple[ReportedItem, ...]


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it was sent, packed, and what follows from it and from its corrections: what decides, and what is shown.

    ``merged_z``, ``analysed_z`` and ``work_keys`` hold for the record as a cluster of its own, which most records are.
    """

    record_z: bytes
    features: bytes
    keys: tuple[int, ...]
    work_keys: tuple[int, ...]
    merged_z: bytes
    analysed_z: bytes
    call_numbers: tuple[str, ...]


class Prepared(Derived, frozen=True, kw_only=True):
    """A record that has arrived."""

    record_id: str
    version: str
    digest: str
    deleted: bool
    raw_z: bytes
    items: tuple[ReportedItem, ...]


@dataclass(frozen=True, slots=True)
class UnionText:
    """What is stored of a union record besides its state."""

    merged_z: bytes
    analysed_z: bytes
    work_keys: tuple[int, ...]


def prepare(library: str, arrival: Arrival) -> Prepared:
    """Pure and picklable in and out. ``library`` is needed for the provenance of the merged record."""
    features = features_of(arrival.record)
    call_numbers = tuple(sorted({item.call_number for item in arrival.items if item.call_number}))
    member = MemberRecord(key=f"{library}:{arrival.record_id}", rank=0, record=arrival.record)
    return Prepared(
        record_id=arrival.record_id,
        version=arrival.version,
        digest=arrival.digest,
        deleted=arrival.deleted,
        raw_z=compress(arrival.raw),
        record_z=pack(arrival.record),
        features=msgspec.msgpack.encode(features),
        keys=keys_of(features),
        work_keys=work_keys(features, arrival.record),
        merged_z=pack(merge((member,))),
        analysed_z=pack(analyse(arrival.record, call_numbers)),
        call_numbers=call_numbers,
        items=arrival.items,
    )


def member_record(key: str, rank: int, record: BibliographicRecord, corrections: Sequence[Correction]) -> MemberRecord:
    """A record as its library sent it, made ready to be merged with what a cataloguer wrote over it."""
    if not corrections:
        return MemberRecord(key, rank, record)
    return MemberRecord(key, rank, corrected(record, corrections), fields_written(corrections), record)


def derive(key: str, record_z: bytes, call_numbers: tuple[str, ...], corrections: Sequence[Correction]) -> Derived:
    """All that follows from a stored record under the corrections that are in force."""
    alone = member_record(key, 0, unpack(record_z, BibliographicRecord), corrections)
    features = features_of(alone.record)
    return Derived(
        record_z=record_z,
        features=msgspec.msgpack.encode(features),
        keys=keys_of(features),
        work_keys=work_keys(features, alone.record),
        merged_z=pack(merge((alone,))),
        analysed_z=pack(analyse(alone.record, call_numbers)),
        call_numbers=call_numbers,
    )


def prepare_corrected(key: str, prepared: Prepared, corrections: Sequence[Correction]) -> Prepared:
    """The same arrival, with corrections in force; its bytes and the record as sent stay."""
    derived = derive(key, prepared.record_z, prepared.call_numbers, corrections)
    return msgspec.structs.replace(prepared, **msgspec.structs.asdict(derived))


def text_of(members: tuple[MemberRecord, ...], call_numbers: set[str], known: Sequence[Features | None]) -> UnionText:
    """The same for a cluster of several. ``known``: the features of each member, None where they are not at hand."""
    merged = merge(members)
    record = merged.record
    alike = (features for member, features in zip(members, known, strict=True) if features and _named_alike(member.record, record))
    features = next(alike, None) or features_of(record)
    return UnionText(merged_z=pack(merged), analysed_z=pack(analyse(record, sorted(call_numbers))), work_keys=work_keys(features, record))


def _named_alike(a: BibliographicRecord, b: BibliographicRecord) -> bool:
    """Whether two records have equal features in all that a work is known by, which need not be made twice then."""
    return (
        a.titles == b.titles
        and a.responsibility == b.responsibility
        and a.agents == b.agents
        and a.editions == b.editions
        and a.publications == b.publications
        and a.identifiers == b.identifiers
        and a.format == b.format
    )
