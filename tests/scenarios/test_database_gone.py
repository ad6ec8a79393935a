"""A PostgreSQL that dies: the probe fails, pages and interface say so, a load breaks off, nothing is half-written; then all goes on."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.installations import COMMAND, ROOT, Installation, demo_loads, ended
from tests.scenarios.processes import eventually
from tests.scenarios.servers import Service, answers, free_port, get

SCRIPT = ROOT / ".ci" / "postgres"

pytestmark = pytest.mark.postgres


class Cluster:
    """A PostgreSQL of this test's own, to be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = self._do("start")

    def _do(self, what: str) -> str:
        done = subprocess.run([SCRIPT, what, self.folder], check=True, stdout=subprocess.PIPE, text=True, timeout=60)
        return done.stdout.strip()

    def kill(self) -> None:
        self._do("kill")

    def resume(self) -> None:
        self._do("resume")

    def remove(self) -> None:
        self._do("stop")


@pytest.fixture
def cluster(postgres_url: str) -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="union-catalog-"))  # short: the name of a socket has at most 107 bytes
    folder.chmod(0o755)
    made = Cluster(folder / "cluster")
    yield made
    made.remove()
    shutil.rmtree(folder)


@pytest.fixture
def web(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[Installation, Service, str]]:
    """An installation on it, its web server and its address."""
    installation = Installation(tmp_path / "home", {"database_url": cluster.url, "load_batch": "1", "load_workers": "1"})
    installation.done("init")
    installation.done("network", "apply", ROOT / "demo" / "network.toml")
    port = free_port()
    command = [*COMMAND, "serve", "--port", str(port), "--only", "web"]
    service = Service(command, installation.environment(log_format="json"), tmp_path / "web.log")
    service.start()
    base = f"http://127.0.0.1:{port}"
    assert answers(f"{base}/readyz"), service.log.read_text()
    yield installation, service, base
    service.kill()


def records_read(base: str) -> float:
    """How many records the loads have read, as /metrics tells it."""
    told = get(f"{base}/metrics")[1]
    return sum(float(line.rpartition(" ")[2]) for line in told.splitlines() if line.startswith("union_catalog_load_records{"))


def test_the_database_dies_and_comes_back(cluster: Cluster, web: tuple[Installation, Service, str], tmp_path: Path) -> None:
    installation, service, base = web
    first, second, *_ = demo_loads(tmp_path / "exports")
    installation.done("load", *first)
    record = json.loads(get(f"{base}/api/v1/search")[1])["items"][0]["union_id"]
    assert get(f"{base}/records/{record}")[0] == 200

    before = records_read(base)
    loading = installation.start("load", *second)
    assert eventually(lambda: records_read(base) > before, 60)
    cluster.kill()
    assert ended(loading).refused(4)

    status, body, _ = get(f"{base}/readyz")
    states = {check["name"]: check["state"] for check in json.loads(body)["checks"]}
    assert (status, states) == (503, {"database": "failed", "search": "ready"})
    assert get(f"{base}/healthz")[0] == 200
    assert 'union_catalog_up{part="database"} 0.0' in get(f"{base}/metrics")[1]
    for path in ("/", "/search?q=a", f"/records/{record}", "/libraries", f"/api/v1/records/{record}", "/api/v1/search"):
        status, body, headers = get(f"{base}{path}")
        assert status == 503, (path, body)
        assert int(headers["Retry-After"]) > 0
        assert headers["X-Request-ID"] in body
        assert "Traceback" not in body
    assert "暂时连不上" in get(f"{base}/libraries")[1]

    cluster.resume()
    assert answers(f"{base}/readyz"), service.log.read_text()[-3000:]
    assert get(f"{base}/records/{record}")[0] == 200
    again = installation.done("load", *second)
    assert "resumed" in again.out
    assert installation.index_agrees()
    untouched = Installation(tmp_path / "untouched")
    untouched.done("init")
    untouched.done("network", "apply", ROOT / "demo" / "network.toml")
    for arguments in (first, second):
        untouched.done("load", *arguments)
    assert installation.partition() == untouched.partition()
    assert not [line for line in service.lines() if line["event"] == "unexpected"]
