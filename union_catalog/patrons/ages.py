"""Ages in whole years, the bands in which statistics count readers, and what the law asks of whom."""

from datetime import date

GUARDED_BELOW = 14  # 个人信息保护法, article 31: under fourteen a guardian consents
SENIOR_FROM = 60  # 老年人权益保障法, article 2
ADULT_FROM = 18
OLDEST = 130
BANDS = ("", "0-6", "7-13", "14-17", "18-34", "35-59", "60+")  # "" where nobody told the date of birth
_BEGINS = ((60, "60+"), (35, "35-59"), (18, "18-34"), (14, "14-17"), (7, "7-13"), (0, "0-6"))


def age_on(born: date, day: date) -> int:
    """Whole years. Who was born on 29 February is a year older on 1 March (民法典, article 1259: the day itself does not count)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_band(born: date | None, day: date) -> str:
    """One of BANDS; a date of birth that lies ahead counts as not told."""
    if born is None or born > day:
        return ""
    age = age_on(born, day)
    return next(name for begin, name in _BEGINS if age >= begin)


def needs_guardian(born: date | None, category: str, day: date) -> bool:
    """Whether a guardian has to stand for the reader: a child whose age nobody told is taken for a young one."""
    return category == "child" if born is None else age_on(born, day) < GUARDED_BELOW


def category_for(born: date | None, day: date) -> str:
    """The category of a reader for whom none was named."""
    if born is None:
        return "adult"
    age = age_on(born, day)
    return "child" if age < ADULT_FROM else "senior" if age >= SENIOR_FROM else "adult"


def years_after(day: date, years: int) -> date:
    """The same day of a later year; the last of February for its 29th."""
    later = day.year + years
    return date(later, 2, 28) if (day.month, day.day) == (2, 29) and later % 4 else day.replace(year=later)
