"""Why a result stands where it stands, in plain sentences."""

from collections.abc import Iterable, Iterator

from api.messages import sentence
from api.resources.editions import named
from union_catalog.context import Language
from union_catalog.search.reasons import Reason
from union_catalog.services.views import NearestBranch, RecordSummary

_KILOMETRE = 1000


def why(summary: RecordSummary, reasons: Iterable[Reason], nearest: NearestBranch | None, language: Language) -> tuple[str, ...]:
    """What of the query fits what of the record, the weightiest first; then how many libraries hold it and where it is near."""
    fits = [sentence(f"why.{reason.fits}", {"part": reason.part}, language) for reason in reasons]
    return tuple(dict.fromkeys([*fits, *_held(summary, language), *_near(nearest, language)]))


def _held(summary: RecordSummary, language: Language) -> Iterator[str]:
    held = len(summary.libraries)
    if held:
        yield sentence("why.held" if held > 1 else "why.held_by_one", {"count": held}, language)


def _near(nearest: NearestBranch | None, language: Language) -> Iterator[str]:
    if nearest is not None:
        name = named(nearest.name, nearest.name_en, language)
        yield sentence("why.near", {"name": name, "kilometres": f"{nearest.metres / _KILOMETRE:.1f}"}, language)
