"""A small catalogue in memory that answers the pages as the real one does, and an application over it.

Editions, publishers and years are real; holdings are examples.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from msgspec import structs

from api.errors import handle_errors
from api.pages.asking import PER_PAGE, SearchRequest
from api.pages.choices import class_tree, value_label
from api.pages.marks import found_stretches, other_form
from api.pages.problems import problem_page
from api.pages.reason_views import ReasonsView
from api.pages.routes import install_pages
from api.pages.views import (
    BranchView,
    CoverView,
    FacetValue,
    FacetView,
    Fact,
    FactValue,
    Found,
    HoldingsGroup,
    HoldingsView,
    ItemLine,
    LibraryView,
    RecordView,
    ResultRow,
    SourceLine,
    StatusView,
    WarningView,
)
from api.pages.wording import class_label
from api.security import guard_answers
from tests.api.example_places import example_places
from tests.api.example_reasons import example_alone, example_of_many, example_reasons
from union_catalog.bibliographic.folding import fold_script
from union_catalog.errors import Gone, NotFound, Redirected, SearchUnavailable, StorageUnavailable
from union_catalog.search.query import parse
from union_catalog.services.searching.asked import Place

SHANGHAI = ZoneInfo("Asia/Shanghai")
LIBRARIES = (
    LibraryView("JD", "嘉定区图书馆", "上海市嘉定区", 2, 16_580, 31_204),
    LibraryView("JX", "嘉兴市图书馆", "浙江省嘉兴市", 1, 24_012, 40_118),
    LibraryView("WZ", "温州市图书馆", "浙江省温州市", 1, 22_690, 35_870),
    LibraryView("KS", "昆山市图书馆", "江苏省昆山市", 1, 12_046, 20_433),
)
BRANCHES = (
    BranchView("JD-ZG", "总馆", "嘉定区图书馆", "JD", "main", "上海市嘉定区裕民南路1288号", 31.37401, 121.25033, True),
    BranchView("JD-JY", "菊园我嘉书房", "嘉定区图书馆", "JD", "wojia_study", "上海市嘉定区菊园新区", 31.3951, 121.2401, True),
    BranchView("JX-ZG", "总馆", "嘉兴市图书馆", "JX", "main", "浙江省嘉兴市南湖区海盐塘路"),
    BranchView("WZ-ZG", "总馆", "温州市图书馆", "WZ", "main", "浙江省温州市鹿城区府东路"),
    BranchView("KSHQ", "KSHQ", "昆山市图书馆", "KS", provisional=True),
)
METRES = {"JD-ZG": 1_200, "JD-JY": 400, "JX-ZG": 64_000, "WZ-ZG": 340_000, "KSHQ": 18_000}
NAMES = {library.code: library.name for library in LIBRARIES}


@dataclass(frozen=True)
class Edition:
    """One edition and who holds it: (branch, call number, status, items)."""

    id: str
    title: str
    author: str
    publisher: str
    year: int
    clc: str
    responsibility: str = ""
    extent: str = ""
    format: str = "book"
    language: str = "chi"
    tag: str = ""
    audience: str = ""
    subjects: tuple[str, ...] = ()
    held: tuple[tuple[str, str, str, int], ...] = ()


def _one_each(call_number: str, *places: tuple[str, str]) -> tuple[tuple[str, str, str, int], ...]:
    return tuple((branch, call_number, status, 1) for branch, status in places)


EDITIONS = (
    Edition(
        "hlm2008", "红楼梦", "曹雪芹", "人民文学出版社", 2008, "I242.4",
        "（清）曹雪芹著；（清）无名氏续；（清）程伟元、高鹗整理；中国艺术研究院红楼梦研究所校注", "2册",
        subjects=("章回小说",), audience="adult",
        held=(
            ("JD-ZG", "I242.4/5542", "available", 3), ("JD-JY", "I242.4/5542", "on_loan", 1), ("JD-ZG", "I242.4/5542-3", "library_use", 1),
            ("JX-ZG", "I242.4/C17", "available", 1), ("WZ-ZG", "I242.4/37", "in_transit", 1), ("KSHQ", "I242.4/37", "on_hold_shelf", 1),
            ("KSHQ", "I242.4/37", "missing", 1),
        ),
    ),
    Edition(
        "hlm1987", "紅樓夢：程甲本", "曹雪芹", "北京师范大学出版社", 1987, "I242.4", "（清）曹雪芹著", "4册", tag="zh-Hant",
        held=_one_each("I242.4/C17-2", ("WZ-ZG", "library_use")),
    ),
    Edition("hlm-audio", "红楼梦", "曹雪芹", "", 2019, "I242.4", "（清）曹雪芹著", "86小时", "audio", held=(("JD-ZG", "", "online", 1),)),
    Edition(
        "hlm-large", "红楼梦：大字本", "曹雪芹", "人民文学出版社", 2018, "I242.4", "（清）曹雪芹著", "3册", "large-print",
        held=_one_each("I242.4/5542-8", ("JX-ZG", "on_loan")),
    ),
    Edition(
        "mengyan", "红楼梦魇", "张爱玲", "北京十月文艺出版社", 2009, "I207.411", "张爱玲著", subjects=("小说研究",), audience="adult",
        held=_one_each("I207.4/11", ("JX-ZG", "available")),
    ),
    Edition(
        "stone", "The Story of the Stone: A Chinese Novel in Five Volumes. Volume 1, The Golden Days", "Cao Xueqin",
        "Penguin Classics", 1973, "I242.4", "Cao Xueqin; translated by David Hawkes", "542 p.", language="eng", tag="en",
        held=_one_each("I242.4/X9", ("KSHQ", "in_process")),
    ),
    Edition(
        "shijian", "时间简史", "霍金", "湖南科学技术出版社", 2010, "P159", "（英）史蒂芬·霍金著；许明贤，吴忠超译",
        held=_one_each("P159/1", ("JD-ZG", "available")),
    ),
    Edition(
        "bencao", "本草纲目", "李时珍", "人民卫生出版社", 2004, "R281.3", "（明）李时珍著",
        held=_one_each("R281.3/4", ("JX-ZG", "damaged")),
    ),
    Edition("xiangtu", "乡土中国", "费孝通", "北京出版社", 2005, "C912.82", "费孝通著", held=_one_each("C912.8/8", ("JD-JY", "available"))),
    Edition("wanli", "万历十五年", "黄仁宇", "中华书局", 1982, "K248.307", "（美）黄仁宇著", held=_one_each("K248/3", ("WZ-ZG", "lost"))),
    Edition("weicheng", "围城", "钱钟书", "人民文学出版社", 1991, "I246.5", "钱钟书著", held=_one_each("I246.5/7", ("KSHQ", "unknown"))),
    Edition("none", "海底两万里", "凡尔纳", "中国青年出版社", 1961, "I565.44", "（法）儒勒·凡尔纳著；曾觉之译"),
    *(
        Edition(
            f"collected-{number}", f"鲁迅全集 第{number}卷", "鲁迅", "人民文学出版社", 2005, "I210.1", "鲁迅著",
            held=_one_each(f"I210.1/{number}", ("JD-ZG", "available")),
        )
        for number in range(1, 19)
    ),
)  # fmt: skip
STATUS_ORDER = ("available", "on_loan", "in_transit", "on_hold_shelf", "library_use", "online")


def library_of(branch: str) -> str:
    """The code of a branch's library."""
    return next(place.library_code for place in BRANCHES if place.code == branch)


class ExampleCatalogue:
    """Answers from ``EDITIONS``. A query is found in title and author, whichever script; "红喽梦" is taken for "红楼梦".

    "停机" stops the search, as a broken index does, and "断电" as a broken database does. Distances are made up: see ``METRES``.
    """

    def __init__(self, editions: tuple[Edition, ...] = EDITIONS) -> None:
        self.editions = editions

    def search(self, request: SearchRequest) -> Found:
        if request.q == "停机":
            raise SearchUnavailable("index_missing", path="index", command="union-catalog index rebuild")
        if request.q == "断电":
            raise StorageUnavailable("database_unreachable")
        typed, request = request, self._meant(request)
        found = self._found(request)
        start = int(request.cursor or 0)
        shown = found[start : start + PER_PAGE]
        query = parse(request.q)
        return Found(
            total=len(found),
            rows=tuple(self._result(edition, request) for edition in shown),
            facets=self._facets(request),
            years=tuple((edition.year, 1) for edition in self._found(structs.replace(request, year_from=None, year_to=None))),
            available=len(self._found(structs.replace(request, available=True))),
            next_cursor=str(start + PER_PAGE) if len(found) > start + PER_PAGE else None,
            warnings=tuple(WarningView(warning.code, warning.part) for warning in query.warnings),
            corrected=(request.q, 0) if request.q != typed.q else None,
            offered="红楼梦" if request.q == "红楼" else "",
            other_form=other_form((edition.title for edition in shown), query),
            origin=next((f"{b.library} {b.name}" for b in BRANCHES if b.code == request.near), ""),
            this_year=2026,
        )

    def count(self, request: SearchRequest) -> int:
        return len(self._found(self._meant(request)))

    def _meant(self, request: SearchRequest) -> SearchRequest:
        return request if request.exact else structs.replace(request, q=request.q.replace("喽", "楼"))

    def _result(self, edition: Edition, request: SearchRequest) -> ResultRow:
        row = replace(self._row(edition), marks=found_stretches(edition.title, parse(request.q)))
        row = _at(request.near, row, edition)
        if request.group and edition.id == "hlm2008":
            row = replace(row, editions=tuple(self._row(other) for other in EDITIONS[1:4]), more=3)
        return replace(row, why=("题名里有它。", "作者正好是它。")) if request.explain else row

    def record(self, union_id: str, near: Place | str | None) -> RecordView:
        edition = self._edition(union_id)
        others = [other for other in self.editions if other.author == edition.author and other.id != union_id]
        holders = tuple(dict.fromkeys(NAMES[library_of(branch)] for branch, *_ in edition.held))
        return RecordView(
            row=_at(near, self._row(edition), edition),
            work_id=f"work-{edition.author}",
            holdings=self._holdings(edition),
            agents=(edition.author,),
            facts=(
                Fact("isbn", (FactValue("978-7-02-000220-7", "9787020002207"),), holders),
                Fact("series", (FactValue("中国古典文学读本丛书", "中国古典文学读本丛书"),), holders[:1]),
                Fact("subject", (FactValue("章回小说 — 中国 — 清代", "章回小说"), FactValue("Chinese fiction", "Chinese fiction", "en"))),
                Fact("clc", (FactValue(f"{edition.clc}（{class_label(edition.clc[:2])}）", edition.clc),), holders),
            ),
            sources=tuple(SourceLine(name, f"rec{place:06}", date(2026, 11, 2)) for place, name in enumerate(holders, 1)),
            editions=tuple(self._row(other) for other in others),
            exports=("gb7714", "ris", "marcxml"),
            online_url="https://example.org/listen" if edition.format == "audio" else "",
        )

    def _holdings(self, edition: Edition) -> HoldingsView:
        groups = []
        for library in LIBRARIES:
            held = [one for one in edition.held if library_of(one[0]) == library.code]
            if held:
                lines = tuple(self._line(*one) for one in held)
                available = sum(line.items for line in lines if line.status.code == "available")
                groups.append(HoldingsGroup(library.name, library.code, sum(line.items for line in lines), available, lines))
        return HoldingsView(tuple(groups), datetime(2026, 11, 22, 10, 42, tzinfo=SHANGHAI))

    def reasons(self, union_id: str) -> ReasonsView:
        other = self._row(self.editions[-1])
        match union_id:
            case "hlm2008":
                return example_reasons(self._row(EDITIONS[1]))
            case "collected-1":
                return example_of_many()
            case "mengyan":
                return example_alone(other)
        return ReasonsView(1, 1, (), (), (), (), (), (), ())

    def cover(self, union_id: str) -> CoverView:
        return self._row(self._edition(union_id)).cover

    def libraries(self) -> tuple[LibraryView, ...]:
        return LIBRARIES if self.editions else ()

    def branches(self) -> tuple[BranchView, ...]:
        return BRANCHES if self.editions else ()

    def recent(self) -> tuple[ResultRow, ...]:
        return tuple(self._row(edition) for edition in self.editions[:8])

    def row(self, union_id: str) -> ResultRow:
        return self._row(self._edition(union_id))

    def _row(self, edition: Edition) -> ResultRow:
        """The edition as a list shows it."""
        best = min((one[2] for one in edition.held), key=lambda s: STATUS_ORDER.index(s) if s in STATUS_ORDER else 9, default="none")
        branch = next((one[0] for one in edition.held if one[2] == best), "")
        place = next((f"{p.library} {p.name}" for p in BRANCHES if p.code == branch), "")
        imprint = tuple(part for part in (edition.publisher, str(edition.year), edition.extent) if part)
        return ResultRow(
            union_id=edition.id,
            title=edition.title,
            cover=CoverView(edition.title, edition.author, edition.clc, edition.format, str(edition.year)),
            status=StatusView(best),
            title_language=edition.tag,
            responsibility=edition.responsibility,
            imprint=imprint,
            format=edition.format,
            place="" if best == "online" else place,
            branch="" if best == "online" else branch,
            libraries=len({library_of(one[0]) for one in edition.held}),
            items=sum(one[3] for one in edition.held if one[2] != "online"),
            available=sum(one[3] for one in edition.held if one[2] == "available"),
        )

    def _line(self, branch: str, call_number: str, status: str, items: int) -> ItemLine:
        place = next(place for place in BRANCHES if place.code == branch)
        due = date(2026, 12, 1) if status in ("on_loan", "in_transit") else None
        url = "https://example.org/listen" if status == "online" else ""
        return ItemLine(place.name, branch, StatusView(status, due), call_number, items=items, url=url)

    def _edition(self, union_id: str) -> Edition:
        if union_id == "old":
            raise Redirected(id="old", target="hlm2008")
        if union_id == "gone":
            raise Gone(id="gone", title="三国演义")
        found = next((edition for edition in self.editions if edition.id == union_id), None)
        if found is None:
            raise NotFound("unknown_record", kind="record", id=union_id)
        return found

    def _found(self, request: SearchRequest) -> list[Edition]:
        return [edition for edition in self.editions if self._fits(edition, request)]

    def _fits(self, edition: Edition, request: SearchRequest) -> bool:
        libraries = {library_of(one[0]) for one in edition.held}
        return all((
            all(fold_script(word) in fold_script(edition.title + edition.author) for word in request.q.split()),
            not request.within or any(METRES[one[0]] <= request.within * 1000 for one in edition.held),
            not request.audience or edition.audience in request.audience,
            not request.author or edition.author in request.author,
            not request.subject or set(edition.subjects) & set(request.subject),
            not (request.library or request.branch)
            or libraries & set(request.library) or {one[0] for one in edition.held} & set(request.branch),
            not request.format or edition.format in request.format,
            not request.language or edition.language in request.language,
            not request.clc or edition.clc.startswith(request.clc),
            not request.available or any(one[2] == "available" for one in edition.held),
            (request.year_from or 0) <= edition.year <= (request.year_to or 9999),
        ))  # fmt: skip

    def _facets(self, request: SearchRequest) -> tuple[FacetView, ...]:
        values = {
            "library": [library.code for library in LIBRARIES],
            "format": ["book", "large-print", "audio", "e-book", "braille", "map", "score"],
            "audience": ["juvenile", "adult"],
            "clc": ["I", "I2", "I24", "I5", "C", "C9", "K", "K2", "P", "P1", "R", "J"],
            "language": ["chi", "eng"],
            "author": sorted({edition.author for edition in self.editions} | {f"作者{number}" for number in range(30)}),
            "subject": ["章回小说", "小说研究"],
        }
        shown = [FacetView(name, tuple(self._choice(request, name, value) for value in told)) for name, told in values.items()]
        libraries = tuple(structs.replace(library, children=self._branch_choices(request, library.value)) for library in shown[0].values)
        rings = tuple(self._choice(request, "within", ring) for ring in (1, 2, 5, 10, 20, 50)) if request.near else ()
        near = (FacetView("near", rings),) if rings else ()
        return (*near, FacetView("library", libraries), *(replace(facet, values=self._nested(facet.values)) for facet in shown[1:]))

    def _choice(self, request: SearchRequest, name: str, value: str | int) -> FacetValue:
        chosen: dict[str, Any] = {"library": (), "branch": ()} if name in ("library", "branch") else {}
        chosen[name] = value if name == "within" else (value,)
        selected = value == request.within if name == "within" else value in getattr(request, name)
        return FacetValue(name, str(value), self._label(name, str(value)), len(self._found(structs.replace(request, **chosen))), selected)

    def _label(self, name: str, value: str) -> str:
        names = {place.code: place.name for place in (*LIBRARIES, *BRANCHES)}
        return names[value] if name in ("library", "branch") else value_label(name, value, {})

    def _branch_choices(self, request: SearchRequest, library: str) -> tuple[FacetValue, ...]:
        return tuple(self._choice(request, "branch", branch.code) for branch in BRANCHES if branch.library_code == library)

    def _nested(self, values: tuple[FacetValue, ...]) -> tuple[FacetValue, ...]:
        """Classes within classes, and the chosen ones first, as the real catalogue does it."""
        if not values or values[0].name != "clc":
            return tuple(sorted(values, key=lambda value: not value.selected))
        return class_tree(values)


def example_app(editions: tuple[Edition, ...] = EDITIONS) -> Flask:
    """The pages alone, with the real headers and errors, over the example."""
    app = Flask("api")
    app.config["TESTING"] = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    guard_answers(app)
    install_pages(app, ExampleCatalogue(editions), example_places(BRANCHES if editions else ()))
    handle_errors(app, problem_page)
    return app


def _at(near: Place | str | None, row: ResultRow, edition: Edition) -> ResultRow:
    """With the branch that is nearest, as ``METRES`` has it."""
    metres = min((METRES[one[0]] for one in edition.held if one[2] == "available"), default=None) if near else None
    if metres is None:
        return row
    place = next(f"{b.library} {b.name}" for b in BRANCHES if METRES[b.code] == metres)
    return replace(row, status=StatusView("available"), place=place, metres=metres)
