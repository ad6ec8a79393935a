"""GET /libraries, GET /branches and GET /branches/{code}."""

from flask import Response, current_app

from api.labels import label
from api.language import current_language
from api.resources.editions import named
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.fields import Arguments
from api.schemas.network import (
    AskedBranches,
    BranchAnswer,
    BranchArguments,
    BranchesAnswer,
    BranchesArguments,
    CourierCallAnswer,
    CouriersAnswer,
    DayAnswer,
    ExceptionAnswer,
    HoursAnswer,
    LibrariesAnswer,
    LibraryAnswer,
    OfferAnswer,
    OpenAnswer,
    RegionAnswer,
    SpanAnswer,
)
from union_catalog.context import Language
from union_catalog.network.hours import MINUTES_OF_DAY, WEEKDAYS, DayHours, OpeningHours, OpenState
from union_catalog.services.branches import Branches
from union_catalog.services.searching.asked import Place
from union_catalog.services.views import BranchDetail, LibraryView

EXTENSION = "union_catalog.branches"
group = blueprint("network", "Libraries, branches and service points")


def use_cases() -> Branches:
    """The use cases of branches that this application was built over."""
    found: Branches = current_app.extensions[EXTENSION]
    return found


@get(group, "/libraries", arguments=Arguments, answer=LibrariesAnswer)
def libraries(_: object) -> Response:
    """The member libraries and what they hold"""
    language = current_language()
    return json_response(LibrariesAnswer(tuple([_library(library, language) for library in catalogue().libraries()])))


@get(group, "/branches", arguments=BranchesArguments, answer=BranchesAnswer)
def branches(asked: AskedBranches) -> Response:
    """Their branches and service points: when they are open, what they offer, how far they are"""
    language = current_language()
    found = [detail for detail in use_cases().all(asked.near) if _wanted(detail, asked)]
    answers = [_branch(detail, language) for detail in found]
    if asked.sort == "name":
        answers.sort(key=lambda answer: (answer.name, answer.code))
    elif asked.sort == "distance":
        answers.sort(key=lambda answer: (answer.metres is None, answer.metres or 0, answer.code))
    return json_response(BranchesAnswer(tuple(answers)))


@get(group, "/branches/<code>", arguments=BranchArguments, answer=BranchAnswer, problems=(404,))
def branch(near: Place | str | None, code: str) -> Response:
    """One branch or service point"""
    return json_response(_branch(use_cases().one(code, near), current_language()))


@get(group, "/branches/<code>/couriers", arguments=Arguments, answer=CouriersAnswer, problems=(404,), closed=True)
def couriers(_: object, code: str) -> Response:
    """When the courier calls at a branch"""
    language = current_language()
    calls = tuple(
        CourierCallAnswer(
            route=route.code, name=named(route.name, route.name_en or route.name, language), at=call.at.isoformat(timespec="minutes")
        )
        for call, route in use_cases().calls(code)
    )
    return json_response(CouriersAnswer(code, calls))


def _wanted(detail: BranchDetail, asked: AskedBranches) -> bool:
    return (not asked.libraries or detail.branch.library in asked.libraries) and (not asked.open_now or detail.open.state == "open")


def _library(library: LibraryView, language: Language) -> LibraryAnswer:
    return LibraryAnswer(
        code=library.code,
        name=named(library.name, library.name_en, language),
        name_en=library.name_en,
        region=_region(library.region, library.region_name, library.region_name_en, language),
        circulation=library.circulation,
        floating=library.floating,
        branches=library.branches,
        records=library.records,
        items=library.items,
    )


def _region(code: str, name: str, name_en: str, language: Language) -> RegionAnswer | None:
    return RegionAnswer(code, named(name, name_en, language)) if code else None


def _branch(detail: BranchDetail, language: Language) -> BranchAnswer:
    branch = detail.branch
    return BranchAnswer(
        code=branch.code,
        name=named(branch.name, branch.name_en, language),
        name_en=branch.name_en,
        library=branch.library,
        library_name=named(branch.library_name, branch.library_name_en, language),
        region=_region(detail.region, detail.region_name, detail.region_name_en, language),
        kind=branch.kind,
        kind_label=label("kind", branch.kind, language),
        lat=branch.lat,
        lng=branch.lng,
        metres=detail.metres,
        address=branch.address,
        telephone=detail.telephone,
        transport=named(detail.transport, detail.transport_en, language),
        offers_pickup=branch.offers_pickup,
        offers=tuple(OfferAnswer(code, label("offer", code, language)) for code in detail.offers),
        open=_open(detail.open, language),
        hours=_hours(detail.hours, language) if detail.hours else None,
        provisional=branch.provisional,
    )


def _open(state: OpenState, language: Language) -> OpenAnswer:
    note = named(state.special.note, state.special.note_en, language) if state.special else ""
    return OpenAnswer(state.state, state.until.isoformat(timespec="minutes") if state.until else None, note)


def _hours(hours: OpeningHours, language: Language) -> HoursAnswer:
    return HoursAnswer(
        tuple(DayAnswer(day, _spans(spans)) for day, spans in zip(WEEKDAYS, hours.week, strict=True)),
        tuple(
            ExceptionAnswer(s.first.isoformat(), s.last.isoformat(), _spans(s.spans), named(s.note, s.note_en, language))
            for s in sorted(hours.specials, key=lambda special: special.first)
        ),
    )


def _spans(spans: DayHours) -> tuple[SpanAnswer, ...]:
    return tuple(SpanAnswer(_clock(span.opens), _clock(span.closes)) for span in spans)


def _clock(minutes: int) -> str:
    within = minutes if minutes <= MINUTES_OF_DAY else minutes - MINUTES_OF_DAY
    return f"{within // 60:02}:{within % 60:02}"
