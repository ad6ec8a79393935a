"""What the dialects share: statements of responsibility, dates and ISBNs in the forms that libraries use."""

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from stdnum import isbn as isbn_numbers

from demo.tables import Creator, Description

_ENGLISH = {
    "author": "",
    "translator": "translated by ",
    "illustrator": "illustrated by ",
    "editor": "edited by ",
}
_ERA = re.compile(r"[代期纪]$|\d")


def statement(creators: Iterable[Creator], separator: str, brackets: str) -> str:
    """「(清)曹雪芹著」, several with one role together; ``brackets`` are the two round the origin."""
    creators = tuple(creators)
    names = separator.join(_named(creator, brackets) for creator in creators)
    role = creators[0].role
    return _ENGLISH[role] + names if role in _ENGLISH else names + role


def by_role(creators: Iterable[Creator]) -> list[tuple[Creator, ...]]:
    """Neighbours with the same role stand in one statement."""
    return [tuple(group) for _, group in groupby(creators, key=lambda creator: creator.role)]


def _named(creator: Creator, brackets: str) -> str:
    return f"{brackets[0]}{creator.origin}{brackets[1]}{creator.name}" if creator.origin else creator.name


def year(description: Description) -> str:
    """Four digits, or blanks: dates before the common calendar's are given by the library in another form."""
    found = re.match(r"\d{4}", description.date)
    return found[0] if found else "    "


def dated(date: str, form: Callable[[str, str], str]) -> str:
    """The date in the library's form from (year, month); what it wrote in a form of its own stays."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", date)
    return form(found[1], (found[2] or "").lstrip("0")) if found else date


def isbn_of_its_time(description: Description) -> str:
    """The number as printed in the book: ten digits before 2007, hyphens as the agency sets them."""
    digits = description.isbn
    if not re.fullmatch(r"\d{13}", digits):
        return digits
    ten = digits.startswith("978") and year(description) < "2007"
    return str(isbn_numbers.format(isbn_numbers.to_isbn10(digits) if ten else digits))


def isbn_hyphenated(description: Description) -> str:
    """Thirteen digits with hyphens; what the library wrote in a form of its own stays."""
    digits = description.isbn
    return str(isbn_numbers.format(digits)) if re.fullmatch(r"\d{13}", digits) else digits


def subject_parts(subject: str) -> list[tuple[str, str]]:
    """A heading such as 「长篇小说-中国-当代」 as (kind, text): heading, topic, place, era."""
    first, *rest = subject.split("-")
    era = rest[-1:] if rest and _ERA.search(rest[-1]) else []
    rest = rest[: len(rest) - len(era)]
    place = rest[-1:] if era or rest[-1:] == ["中国"] else []
    topics = rest[: len(rest) - len(place)]
    kinds = (("topic", topics), ("place", place), ("era", era))
    return [("heading", first), *((kind, text) for kind, texts in kinds for text in texts)]
