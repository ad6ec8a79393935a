"""Short ways to write the records that the tests of matching compare."""

from union_catalog.bibliographic.normalise.dates import parse_date
from union_catalog.bibliographic.normalise.statements import parse_statement
from union_catalog.bibliographic.record import (
    Agent,
    Audience,
    BibliographicRecord,
    Classification,
    Format,
    Identifier,
    Publication,
    Series,
    Text,
    Title,
)
from union_catalog.matching.features import Features, features_of


def described(
    title: str = "红楼梦",
    by: str = "曹雪芹",
    publisher: str = "人民文学出版社",
    date: str = "2008-7",
    *,
    volume: str = "",
    edition: str = "",
    isbn: str = "",
    of_set: bool = False,
    price: str = "",
    pages: str = "",
    clc: str = "",
    language: str = "chi",
    carrier: Format = "book",
    level: str = "",
    place: str = "",
    series: str = "",
    audience: Audience = "",
    qualifier: str = "",
) -> BibliographicRecord:
    """A record with the parts that are told; "" is not told."""
    reading = parse_date(date)
    identifiers = [Identifier(scheme="isbn", value=isbn, price=price, of_set=of_set, qualifier=qualifier)] if isbn else []
    if price and not isbn:
        identifiers.append(Identifier(scheme="other", value="", valid=False, price=price))
    imprint = Publication(
        places=(place,) if place else (),
        publishers=(publisher,) if publisher else (),
        date=date,
        year=reading.year,
        month=reading.month,
    )
    return BibliographicRecord(
        titles=(Title(kind="proper", text=title, volume_number=volume),) if title else (),
        agents=tuple(
            Agent(name=name.name, roles=name.roles, dynasty=name.dynasty, other_forms=name.other_forms, primary=number == 0)
            for number, name in enumerate(parse_statement(by, "list").names)
        ),
        responsibility=(Text(text=by),) if by else (),
        editions=(Text(text=edition),) if edition else (),
        publications=(imprint,) if publisher or date else (),
        extents=(Text(text=pages),) if pages else (),
        identifiers=tuple(identifiers),
        languages=(language,) if language else (),
        classifications=(Classification(scheme="clc", number=clc),) if clc else (),
        format=carrier,
        level=level,
        series=(Series(title=series),) if series else (),
        audience=audience,
    )


def features(
    title: str = "红楼梦",
    by: str = "曹雪芹",
    publisher: str = "人民文学出版社",
    date: str = "2008-7",
    *,
    volume: str = "",
    edition: str = "",
    isbn: str = "",
    of_set: bool = False,
    pages: str = "",
    clc: str = "",
    carrier: Format = "book",
) -> Features:
    """The features of ``described(…)``."""
    record = described(
        title, by, publisher, date, volume=volume, edition=edition, isbn=isbn, of_set=of_set, pages=pages, clc=clc, carrier=carrier
    )
    return features_of(record)
