"""Handing a file of scans in over HTTP, some hundred at a time."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

import msgspec

from api.languages import language_of_locale
from api.offline_file import Scan
from api.schemas.answers import ProblemAnswer
from api.schemas.offline import LineVerdictAnswer, OfflineBatchAnswer
from union_catalog.clock import Clock, instant_text
from union_catalog.errors import InvalidInput, StorageUnavailable
from union_catalog.ids import new_id

AT_ONCE = 200
PATIENCE = 120  # seconds for some hundred lines
Told = LineVerdictAnswer


def hand_in(server: str, token: str, branch: str, device: str, scans: Sequence[Scan], clock: Clock) -> Iterator[Told]:
    """The verdict on each scan, in their order.

    Raises StorageUnavailable("server_unreachable") where nobody answers, and InvalidInput("server_refused") for what the server will not
    take; what was handed in before that is recorded, and handing in all again does the rest.
    """
    if not server.startswith(("http://", "https://")):
        raise InvalidInput("bad_server_address", name="--server", value=server[:200])
    for start in range(0, len(scans), AT_ONCE):
        lines = [_line(scan) for scan in scans[start : start + AT_ONCE]]
        body: dict[str, object] = {"branch": branch, "device": device, "sent_at": instant_text(clock.now()), "lines": lines}
        yield from _post(server.rstrip("/"), token, body).lines


def _line(scan: Scan) -> dict[str, object]:
    item = {"barcode": scan.barcode, **({"library": scan.library} if scan.library else {})}
    card = {"card": scan.card} if scan.card else {}
    return {"id": scan.id, "action": scan.action, "item": item, "occurred_at": scan.occurred_at, **card}


def _post(server: str, token: str, body: dict[str, object]) -> OfflineBatchAnswer:
    address = f"{server}/api/v1/offline-batches?lang={language_of_locale()}"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": new_id()}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")  # noqa: S310  # http or https, checked
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310  # as above
            return msgspec.json.decode(answer.read(), type=OfflineBatchAnswer)
    except urllib.error.HTTPError as error:
        raise _refused(error, server) from error
    except (urllib.error.URLError, TimeoutError, ConnectionError, msgspec.MsgspecError) as error:
        raise StorageUnavailable("server_unreachable", id=server) from error


def _refused(error: urllib.error.HTTPError, server: str) -> InvalidInput | StorageUnavailable:
    if error.code >= 500:
        return StorageUnavailable("server_unreachable", id=server)
    try:
        problem = msgspec.json.decode(error.read(), type=ProblemAnswer)
    except msgspec.MsgspecError:
        return InvalidInput("server_refused", name="--server", value=str(error.code))
    return InvalidInput("server_refused", name="--server", value=f"{error.code} {problem.title}")
