"""GET /libraries and GET /branches."""

from flask import Response

from api.labels import label
from api.language import current_language
from api.resources.editions import named
from api.resources.operation import blueprint, catalogue, get, json_response
from api.schemas.answers import BranchAnswer, BranchesAnswer, LibrariesAnswer, LibraryAnswer, RegionAnswer
from api.schemas.fields import Arguments
from union_catalog.context import Language
from union_catalog.services.views import BranchView, LibraryView

group = blueprint("network", "Libraries, branches and service points")


@get(group, "/libraries", arguments=Arguments, answer=LibrariesAnswer)
def libraries(_: object) -> Response:
    """The member libraries and what they hold"""
    language = current_language()
    return json_response(LibrariesAnswer(tuple([_library(library, language) for library in catalogue().libraries()])))


@get(group, "/branches", arguments=Arguments, answer=BranchesAnswer)
def branches(_: object) -> Response:
    """Their branches and service points"""
    language = current_language()
    return json_response(BranchesAnswer(tuple([_branch(branch, language) for branch in catalogue().branches()])))


def _library(library: LibraryView, language: Language) -> LibraryAnswer:
    region = RegionAnswer(library.region, named(library.region_name, library.region_name_en, language))
    return LibraryAnswer(
        code=library.code,
        name=named(library.name, library.name_en, language),
        name_en=library.name_en,
        region=region if library.region else None,
        circulation=library.circulation,
        branches=library.branches,
        records=library.records,
        items=library.items,
    )


def _branch(branch: BranchView, language: Language) -> BranchAnswer:
    return BranchAnswer(
        code=branch.code,
        name=named(branch.name, branch.name_en, language),
        name_en=branch.name_en,
        library=branch.library,
        library_name=named(branch.library_name, branch.library_name_en, language),
        kind=branch.kind,
        kind_label=label("kind", branch.kind, language),
        lat=branch.lat,
        lng=branch.lng,
        address=branch.address,
        offers_pickup=branch.offers_pickup,
        provisional=branch.provisional,
    )
