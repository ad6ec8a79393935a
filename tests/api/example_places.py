"""Branches for tests of the pages: the rooms of ``example_catalogue``, with hours, at a Tuesday afternoon."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from api.pages.places import Places
from api.pages.views import BranchView as ListedBranch
from union_catalog.clock import SteppingClock
from union_catalog.network.hours import OpeningHours, Span, Special, open_state
from union_catalog.services.searching.asked import Place
from union_catalog.services.views import BranchDetail, BranchView

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai
LIBRARY = ((), *[(Span(540, 1230),)] * 6)
CLOSED_TODAY = Special(date(2026, 11, 24), date(2026, 11, 25), (), "盘点", "Stocktaking")
CLOSED_NEXT_YEAR = Special(date(2027, 2, 5), date(2027, 2, 12), (), "春节", "Spring Festival")
HOURS = {
    "JD-ZG": OpeningHours(LIBRARY, (CLOSED_NEXT_YEAR,)),
    "JX-ZG": OpeningHours(LIBRARY, (CLOSED_TODAY,)),
    "JD-JY": OpeningHours(((Span(0, 1440),),) * 7),
}


class ExampleBranches:
    """Answers what ``Places`` asks."""

    def __init__(self, listed: Sequence[ListedBranch], now: datetime) -> None:
        self._listed = listed
        self._now = now.astimezone(SHANGHAI)

    def all(self, near: Place | str | None = None) -> tuple[BranchDetail, ...]:
        return tuple(self._detail(one) for one in self._listed)

    def _detail(self, one: ListedBranch) -> BranchDetail:
        hours = HOURS.get(one.code)
        return BranchDetail(
            branch=BranchView(
                code=one.code,
                name=one.name,
                name_en=one.name,
                library=one.library_code,
                library_name=one.library,
                library_name_en=one.library,
                kind=one.kind,
                lat=one.lat,
                lng=one.lng,
                address=one.address,
                offers_pickup=one.offers_pickup,
                provisional=one.provisional,
            ),
            region="",
            region_name="",
            region_name_en="",
            telephone="021-00000000" if one.code == "JD-ZG" else "",
            transport="地铁11号线嘉定新城站，步行约十分钟" if one.code == "JD-ZG" else "",
            transport_en="Line 11 to Jiading Xincheng, ten minutes on foot" if one.code == "JD-ZG" else "",
            offers=("return_box", "children") if one.code == "JD-ZG" else (),
            hours=hours,
            open=open_state(hours, self._now),
        )


def example_places(listed: Sequence[ListedBranch]) -> Places:
    """The pages' view of some branches on a Tuesday afternoon."""
    return Places(ExampleBranches(listed, TUESDAY), SteppingClock(TUESDAY), SHANGHAI)
