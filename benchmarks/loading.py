"""How fast exports become searchable, and in how much memory: into an empty catalogue and into one of a million records."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import iso2709
from benchmarks.exports import EXPORTS, Export, Installation, load_all
from benchmarks.figures import Figure

MILLION = 1_000_000


def measure() -> Iterator[Figure]:
    """The four real files into an empty installation on SQLite and the embedded engine."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.set_up()
        loaded = load_all(installation)
        yield Figure(
            "four files to searchable, empty catalogue",
            round(loaded.rate),
            "records/s",
            "1,200",
            "3,000",
            f"{loaded.records:,} records in {loaded.seconds:.1f} s, four commands one after the other, start-up included;",
        )
        yield Figure("peak memory of a load", round(loaded.peak_mib), "MiB", "1,024", "500", "largest process of the four loads;")
        again = load_all(installation)
        yield Figure("the same files again", round(again.rate), "records/s", detail=f"nothing changes; {again.seconds:.1f} s for all four;")


def measure_million() -> Iterator[Figure]:
    """The four real files into an installation that holds a million variations of them."""
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder))
        installation.set_up()
        installation.run("libraries", "add", "VX", "变体")
        path = Path(folder) / "variations.iso"
        write_variations(path, MILLION)
        variations = Export("VX", "变体", path.name, "cnmarc", "utf-8")
        report = installation.load(variations, path)
        yield Figure(
            "a million variations into an empty catalogue",
            round(report["read"] / report["seconds"]),
            "records/s",
            detail="stored, before indexing; titles, creators and years of real records crossed with one another;",
        )
        loaded = load_all(installation)
        yield Figure(
            "four files to searchable, 1 million already there",
            round(loaded.rate),
            "records/s",
            "600",
            "2,000",
            f"{loaded.records:,} records in {loaded.seconds:.1f} s;",
        )
        how = "largest process, the million's own load too;"
        yield Figure("peak memory of a load, 1 million", round(loaded.peak_mib), "MiB", "1,024", "500", how)


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
