"""Why the records of the example are one: every kind of reason once, and an edition of more records than a page lists."""

from datetime import date

from api.labels import label
from api.language import current_language
from api.pages.reason_views import Cell, FindingView, LinkView, MemberRow, NearView, Place, ReasonsView, WordView
from api.pages.views import ResultRow

COLUMNS = ("title", "names", "edition", "publisher", "date", "isbn", "extent")
JD, JX = Place("嘉定区图书馆", "JD000001"), Place("嘉兴市图书馆", "JX000002")
WZ, KS = Place("温州市图书馆", "WZ000003"), Place("昆山市图书馆", "KS000004")
WORD = WordView(JD, KS, "", date(2026, 11, 20), "同一版的两次印刷，已对过实书")
NOT_ONE = WordView(JD, WZ, "", date(2026, 11, 21), "")


def field(name: str) -> str:
    return label("evidence_field", name, current_language())


def spoken(word: WordView, verdict: str) -> WordView:
    return WordView(word.first, word.second, label("verdict", verdict, current_language()), word.day, word.reason)


def finding(name: str, side: str, code: str, first: str, second: str) -> FindingView:
    return FindingView(field(name), side, label("finding", code, current_language()), first, second)


def member(place: Place, *texts: str) -> MemberRow:
    """Each text may be followed by ``|`` and its mark."""
    cells = (_cell(name, *text.split("|")) for name, text in zip(COLUMNS, texts, strict=True))
    return MemberRow(place.library, place.record_id, tuple(cells))


def _cell(name: str, text: str, mark: str = "") -> Cell:
    return Cell(field(name), text, mark if text else "absent")  # type: ignore[arg-type]  # marks of the list


def example_reasons(other: ResultRow) -> ReasonsView:
    """Four libraries' records, one of them tied by staff; ``other`` stands near in three ways."""
    told, house, number = "（清）曹雪芹著；（清）无名氏续；（清）程伟元、高鹗整理", "人民文学出版社", "9787020002207"
    members = (
        member(JD, "红楼梦", told, "", house, "2008.7", number, "2册（1606页）"),
        member(JX, "紅樓夢|script", told, "第3版", "人民文學出版社|script", "2008-07", "", "2册"),
        member(WZ, "红楼梦", "曹雪芹著", "", house, "2008年7月", number, "1606页"),
        member(KS, "红楼梦", "曹雪芹，高鹗著", "", house, "2010|different", "", "980页|different"),
    )
    findings = (
        finding("title", "for", "equal", "红楼梦", "红楼梦"),
        finding("publisher", "for", "equal", "人民文学出版社", "人民文学出版社"),
        finding("extent", "against", "near", "1606", "1570"),
    )
    rule = label("rule", "title_creator_publisher_month", current_language())
    silent = tuple(map(field, ("volume", "translator", "edition")))
    year = label("rule", "other_year", current_language())
    return ReasonsView(
        libraries=4,
        records=4,
        agreeing=tuple(map(field, ("title", "names", "publisher"))),
        differing=(field("extent"),),
        columns=tuple(map(field, COLUMNS)),
        members=members,
        links=(
            LinkView(JD, KS, year, spoken(WORD, "same"), findings, silent),
            LinkView(JD, JX, rule, None, findings, silent),
            LinkView(JD, WZ, rule, None, findings[:2], ()),
        ),
        indirect=((JX, WZ),),
        near=(
            NearView(other, field=field("edition"), ours="第2版", theirs="第3版"),
            NearView(other, label("apart", "staff", current_language()), word=spoken(NOT_ONE, "different")),
            NearView(other, label("apart", "unsure", current_language())),
        ),
        by_staff="different",
    )


def example_of_many() -> ReasonsView:
    """Sixty of seventy-two records, as a reader sees them who asks for them all."""
    places = [Place("嘉定区图书馆", f"JD{number:06}") for number in range(60)]
    rule = label("rule", "isbn_title", current_language())
    title = (Cell(field("title"), "鲁迅全集", ""),)
    return ReasonsView(
        libraries=1,
        records=72,
        agreeing=(field("title"), field("isbn")),
        differing=(),
        columns=(field("title"),),
        members=tuple(MemberRow(place.library, place.record_id, title) for place in places),
        links=tuple(LinkView(places[0], place, rule, None, (), ()) for place in places[1:]),
        indirect=tuple((places[1], place) for place in places[2:7]),
        near=(),
        outdated=True,
        unlisted=12,
    )


def example_alone(other: ResultRow) -> ReasonsView:
    """One record, and one near that was not joined."""
    near = NearView(other, label("apart", "one_library", current_language()))
    alone = MemberRow(JD.library, JD.record_id, (Cell(field("title"), "红楼梦魇", ""),))
    return ReasonsView(1, 1, (), (), (field("title"),), (alone,), (), (), (near,))
