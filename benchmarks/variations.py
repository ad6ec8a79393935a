"""A region's catalogue made of real records: a million of them, most of which stand alone while some meet."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import iso2709
from benchmarks.exports import EXPORTS, Export, Installation

LIBRARY, NAME = "VX", "变体"


def load_variations(installation: Installation, count: int, *options: str) -> dict[str, float]:
    """Makes and loads ``count`` of them; answers the report of the load."""
    installation.run("libraries", "add", LIBRARY, NAME)
    path = installation.home / "variations.iso"
    write_variations(path, count)
    report = installation.load(Export(LIBRARY, NAME, path.name, "cnmarc", "utf-8"), path, *options)
    path.unlink()
    return report


def write_variations(path: Path, count: int) -> None:
    """CNMARC records made of real ones: the title of one with a piece of a second's, the creator of a third, publisher and year of others.

    Every combination occurs once, so that most stand alone and some meet, as in a region's catalogue.
    """
    parts = list(_parts())
    size = len(parts)
    with path.open("wb") as file:
        for number in range(count):
            turn, index = divmod(number, size)
            title, creator, publisher, year = parts[index]
            other = parts[(index * 7 + turn * 1013 + 1) % size]
            third = parts[(index + turn * 31) % size]
            mixed = title if turn == 0 else f"{title}{other[0][:3]}"
            moved = str(int(year) - turn) if year.isdigit() else year
            file.write(_record(f"VX{number:09d}", mixed, third[1] or creator, publisher or other[2], moved))


def _parts() -> Iterator[tuple[str, str, str, str]]:
    """(title, creator, publisher, year) of the records of the two CNMARC exports."""
    for export in EXPORTS:
        if export.format != "cnmarc":
            continue
        for raw in export.path.read_bytes().split(iso2709.RECORD.encode())[:-1]:
            text = raw.decode(export.encoding)
            title, creator = _subfield(text, "\x1fa", after="200"), _subfield(text, "\x1ff", after="200")
            yield title, creator, _subfield(text, "\x1fc", after="210"), _subfield(text, "\x1fd", after="210")[:4]


def _subfield(text: str, code: str, after: str) -> str:
    """Of the field ``after``, which in these exports is told by its indicators and first subfield."""
    base = int(text[12:17])
    tags = [text[at : at + 3] for at in range(24, base - 1, 12)]
    if after not in tags:
        return ""
    field = text[base:].split("\x1e")[tags.index(after)]
    found = (part[1:] for part in field.split("\x1f")[1:] if part[0] == code[1])
    return next(found, "")


def _record(record_id: str, title: str, creator: str, publisher: str, year: str) -> bytes:
    fields = [
        ("001", record_id),
        ("100", f"  \x1fa20260601d{year or '    '}    em y0chiy50      ea"),
        ("101", "0 \x1fachi"),
        ("200", f"1 \x1fa{title}\x1ff{creator}"),
        ("210", f"  \x1fc{publisher}\x1fd{year}"),
        ("905", f"  \x1faVX\x1fb{record_id[2:]}\x1fcVX-MAIN\x1ftbook"),
    ]
    return iso2709.record("00000nam0 2200000   450 ", fields)
