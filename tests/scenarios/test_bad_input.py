"""What goes wrong in real life: each is one clear sentence with a way out and the right exit code, and costs no record."""

import ctypes
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.scenarios.installations import COMMAND, Installation, Outcome, ended, frames, jiading, load_arguments, write_cnmarc
from tests.scenarios.processes import eventually
from union_catalog.clock import SystemClock
from union_catalog.storage import leases
from union_catalog.storage.database import Database

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb0043") + bytes(range(256)) * 40
BOMB = """<?xml version="1.0"?>
<!DOCTYPE collection [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<collection><record><leader>00000nam0 2200000   450 </leader><controlfield tag="001">1</controlfield>
<datafield tag="200" ind1="1" ind2=" "><subfield code="a">&c;</subfield></datafield></record></collection>
"""
LEAK = """<?xml version="1.0"?>
<!DOCTYPE collection [<!ENTITY leak SYSTEM "file:///etc/passwd">]>
<collection><record><controlfield tag="001">1</controlfield>
<datafield tag="200" ind1="1" ind2=" "><subfield code="a">&leak;</subfield></datafield></record></collection>
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export of 30 good records."""
    return write_cnmarc(tmp_path / "jd.iso", jiading(30))


@pytest.mark.parametrize(("written", "claimed"), [("gb18030", "utf-8"), ("utf-8", "gb18030"), ("utf-8", "big5"), ("gb18030", "big5")])
def test_the_wrong_encoding_is_refused_with_the_better_one(installation: Installation, tmp_path: Path, written: str, claimed: str) -> None:
    file = write_cnmarc(tmp_path / "jd.iso", jiading(30), written)
    assert installation.load("JD", file, encoding=claimed).refused(3, f"--encoding {written}")
    assert installation.clusters() == {}
    assert installation.load("JD", file, encoding="auto").code == 0
    assert len(installation.clusters()) == 30


UNUSABLE = [
    (JPEG, "cnmarc", "--format"),
    (JPEG, "csv", "photo"),
    (JPEG, "xlsx", "xlsx"),
    (JPEG, "marcxml", "XML"),
    ("这只是一个文本文件。\n第二行\n".encode() * 50, "marc21", "--format"),
    ("这只是一个文本文件。\n第二行\n".encode() * 50, "csv", "--mapping"),
    (b"", "cnmarc", "photo"),
    (b"\r\n\n", "csv", "photo"),
    (BOMB.encode(), "cnmarcxml", "实体"),
    (LEAK.encode(), "cnmarcxml", "实体"),
    ("条码号,馆藏地\n1,JD\n".encode(), "csv", "--mapping"),
    ("控制号,题名\n".encode(), "csv", "没有记录"),
]


@pytest.mark.parametrize(("content", "format_", "way_out"), UNUSABLE)
def test_a_file_that_is_something_else_is_refused(
    installation: Installation, tmp_path: Path, content: bytes, format_: str, way_out: str
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    assert installation.load("JD", path, format=format_, encoding="auto").refused(3, way_out)
    assert installation.clusters() == {}


def test_a_file_that_cannot_be_opened(installation: Installation, tmp_path: Path) -> None:
    assert installation.load("JD", tmp_path / "none.iso").refused(3, "none.iso")
    assert installation.load("JD", tmp_path).refused(3, str(tmp_path))


def test_an_unknown_library_names_the_known_ones(installation: Installation, file: Path) -> None:
    assert installation.load("XX", file).refused(2, "XX", "JD、JX", "libraries add")


MAPPINGS = [
    ("[columns]\nrecord_id = \n", "2"),
    ("[columns]\nrecord_id = 'Bib#'\nauther = 'Author'\n", "3"),
    ("[columns]\ntitle = 'No such column'\n", "No such column"),
    ("[columns]\n\n\ntitle = 7\n", "4"),
    ("columns = 3\n", "1"),
]


@pytest.mark.parametrize(("mapping", "word"), MAPPINGS)
def test_a_faulty_mapping_file_names_the_line(installation: Installation, tmp_path: Path, mapping: str, word: str) -> None:
    table, told = tmp_path / "t.csv", tmp_path / "mapping.toml"
    table.write_text("Bib#,Main\n1,红楼梦\n", "utf-8")
    told.write_text(mapping, "utf-8")
    assert installation.load("KS", table, "--mapping", told, format="csv").refused(2, word)
    assert installation.load("KS", table, "--mapping", tmp_path / "none.toml", format="csv").refused(2, "none.toml")
    told.write_text("[columns]\nrecord_id = 'Bib#'\ntitle = ['Title', 'Main']\n", "utf-8")
    assert installation.load("KS", table, "--mapping", told, format="csv").code == 0
    assert set(installation.clusters()) == {"KS:1"}


def giant_record(path: Path, size: int) -> Path:
    """Two good records, and between them one whose field 330 has ``size`` bytes."""
    whole = write_cnmarc(path, jiading(2))
    before, after = frames(whole)
    body = b"001" + b"0013" + b"00000" + b"330" + b"9999" + b"00013" + b"\x1e" + b"JD999999999\x1e" + b"  \x1fa"
    with path.open("wb") as file:
        file.write(before)
        file.write(b"99999nam0 2200049   450 " + body)
        for _ in range(size // 1_000_000):
            file.write("嘉定".encode() * 166_666 + b"    ")
        file.write(b"\x1e\x1d" + after)
    return path


def giant_xml(path: Path, size: int) -> Path:
    record = '<record><leader>00000nam0 2200000   450 </leader><controlfield tag="001">{}</controlfield>' \
        '<datafield tag="200" ind1="1" ind2=" "><subfield code="a">{}'  # fmt: skip
    with path.open("w", encoding="utf-8") as file:
        file.write("<collection>")
        for number, words in ((1, "活着"), (2, ""), (3, "围城")):
            file.write(record.format(number, words))
            for _ in range(size // 3_000_000 if number == 2 else 0):
                file.write("嘉定" * 500_000)
            file.write("</subfield></datafield></record>")
        file.write("</collection>")
    return path


def giant_row(path: Path, size: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write("控制号,题名\n1,活着\n2,")
        for _ in range(size // 3_000_000):
            file.write("嘉定" * 500_000)
        file.write("\n3,围城\n")
    return path


# The peak of the process itself: what its parent sees in rusage begins with the parent's own.
MEASURED = """
import atexit, pathlib, sys
status = pathlib.Path("/proc/self/status")
atexit.register(lambda: print(*(line for line in status.read_text().splitlines() if line.startswith("VmHWM")), file=sys.stderr))
from api.cli import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize(("make", "format_"), [(giant_record, "cnmarc"), (giant_xml, "cnmarcxml"), (giant_row, "csv")])
def test_a_record_of_100_megabytes_costs_only_itself(
    installation: Installation, tmp_path: Path, make: Callable[[Path, int], Path], format_: str
) -> None:
    file = make(tmp_path / "giant", 30_000_000 if format_ == "csv" else 100_000_000)  # 30 MB in one line of a table are as absurd
    arguments = [str(part) for part in ("load", "--no-wait", *load_arguments("JD", file, format=format_))]
    command = [sys.executable, "-c", MEASURED, *arguments]
    process = subprocess.run(command, env=installation.environment(), capture_output=True, text=True, check=False)
    assert process.returncode == 0, process
    assert int(process.stderr.split()[-2]) < 600 * 1024, process.stderr
    assert len(installation.clusters()) == 2
    codes = {case["code"] for case in installation.done("quarantine", "list", "--json").json}
    assert codes == ({"row_too_short"} if format_ == "csv" else {"oversized"})
    assert "0 taken" in installation.done("quarantine", "retry", "--library", "JD").out
    assert len(installation.clusters()) == 2  # the 64 KB that were kept of it are not the record


def test_a_full_disk_stops_the_load_and_it_goes_on(installation: Installation, tmp_path: Path) -> None:
    """A disk with little room left, made of a small file system; only root can mount one."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        crowded = Installation(small / "home")
        crowded.done("init")
        crowded.done("libraries", "add", "JD", "嘉定区图书馆")
        file = write_cnmarc(tmp_path / "jd.iso", jiading(444))
        assert crowded.load("JD", file, load_batch="50").refused(4, "磁盘已满")
        subprocess.run(["mount", "-o", "remount,size=200m", str(small)], check=True)
        done = crowded.load("JD", file, load_batch="50")
        assert done.code == 0, done
        assert len(crowded.clusters()) == 444
        assert crowded.index_agrees()
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


def test_a_file_may_not_grow_any_more(installation: Installation, tmp_path: Path) -> None:
    """The same by the limit that a process may be given for its files."""
    file = write_cnmarc(tmp_path / "jd.iso", jiading(444))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))

    arguments = [str(part) for part in ("load", *load_arguments("JD", file))]
    process = subprocess.run(
        [*COMMAND, *arguments], env=installation.environment(), capture_output=True, text=True, preexec_fn=limit, check=False
    )
    assert process.returncode == 4, process
    assert "Traceback" not in process.stderr
    assert process.stderr.count("union-catalog: ") == 1
    assert installation.load("JD", file).code == 0
    assert len(installation.clusters()) == 444
    assert installation.index_agrees()


def test_a_locked_database_is_waited_for_and_then_said(installation: Installation, file: Path) -> None:
    holder = sqlite3.connect(installation.home / "catalogue.sqlite3", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        assert installation.load("JD", file, busy_timeout="1").refused(4, "数据库正忙")
        assert installation.run("libraries", "add", "X", "某馆", busy_timeout="1").refused(4, "数据库正忙")
        assert installation.run("search", "红楼梦").code == 0
    finally:
        holder.close()
    assert installation.load("JD", file).code == 0


@pytest.mark.parametrize("command", [["search", "红楼梦"], ["index", "verify"], ["index", "status"], ["load"]])
def test_an_index_of_an_older_version(demo: Installation, file: Path, command: list[str]) -> None:
    for about in (demo.home / "index").glob("generation-*/about.json"):
        about.write_text('{"schema_version": 0, "analysis_version": 0}', "ascii")
    arguments = [*command, *load_arguments("JD", file)] if command == ["load"] else command
    if command == ["load"]:
        file.write_bytes(file.read_bytes().replace(b"20260601", b"20260701"))
    assert demo.run(*arguments).refused(4, "union-catalog index rebuild")
    demo.done("index", "rebuild")
    assert demo.index_agrees()


def test_nothing_is_set_up_yet(tmp_path: Path, file: Path) -> None:
    bare = Installation(tmp_path / "bare")
    for arguments in (
        ["clusters"],
        ["search", "x"],
        ["explain", "A:1", "B:2"],
        ["libraries", "add", "JD", "嘉定"],
        ["quarantine", "list"],
        ["index", "verify"],
        ["load", *load_arguments("JD", file)],
    ):
        assert bare.run(*arguments).refused(4, "union-catalog init")


def test_a_database_that_is_none(installation: Installation, file: Path) -> None:
    for suffix in ("-wal", "-shm"):
        (installation.home / f"catalogue.sqlite3{suffix}").unlink(missing_ok=True)
    (installation.home / "catalogue.sqlite3").write_bytes(JPEG)
    assert installation.load("JD", file).refused(4, "损坏")


def test_a_database_server_that_is_not_there(installation: Installation, file: Path) -> None:
    address = "postgresql://nobody@127.0.0.1:1/none"
    assert installation.load("JD", file, database_url=address).refused(4, "UNION_CATALOG_DATABASE_URL")
    assert installation.load("JD", file, database_url="oracle://x").refused(2, "UNION_CATALOG_DATABASE_URL")


def test_a_setting_that_cannot_be(installation: Installation) -> None:
    assert installation.run("libraries", "list", load_batch="many").refused(2, "UNION_CATALOG_LOAD_BATCH", "many")
    assert installation.run("libraries", "list", timezone="Mars/Olympus").refused(2, "UNION_CATALOG_TIMEZONE")


def test_a_report_that_cannot_be_written_is_said_before_the_work(installation: Installation, file: Path, tmp_path: Path) -> None:
    assert installation.load("JD", file, "--report", tmp_path / "none" / "r.json").refused(2, "r.json")
    assert installation.clusters() == {}
    assert installation.load("JD", file, "--report", tmp_path).refused(2, str(tmp_path))


def without_privileges() -> None:
    """Root may write everywhere; a process of root without this capability may not."""
    drop_from_bounding_set, dac_override = 24, 1
    ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0)


def test_a_home_that_cannot_be_written(installation: Installation, file: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    cold = Installation(locked / "home")
    for path in (locked, installation.home, *installation.home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def refused(where: Installation, *arguments: object) -> bool:
        process = subprocess.run(
            [*COMMAND, *(str(argument) for argument in arguments)],
            env=where.environment(), capture_output=True, text=True, preexec_fn=without_privileges, check=False,
        )  # fmt: skip
        return Outcome(process.returncode, process.stdout, process.stderr).refused(4)

    assert refused(cold, "init")
    assert refused(installation, "load", *load_arguments("JD", file))
    for path in (locked, installation.home, *installation.home.rglob("*")):
        path.chmod(0o755)


@pytest.mark.parametrize(("command", "lines"), [("clusters", 1), ("search", 0)])
def test_a_reader_that_has_had_enough(demo: Installation, command: str, lines: int) -> None:
    """``union-catalog clusters | head -1``, and one who does not read at all."""
    process = demo.start(command)
    assert process.stdout is not None
    assert process.stderr is not None
    for _ in range(lines):
        assert process.stdout.readline()
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), told) == (0, "")


def test_an_interrupted_load_goes_on(installation: Installation, tmp_path: Path) -> None:
    file = write_cnmarc(tmp_path / "jd.iso", jiading(444))
    process = installation.start("load", *load_arguments("JD", file), load_batch="1")
    assert eventually(lambda: has_tables(installation))
    with closing(sqlite3.connect(installation.home / "catalogue.sqlite3", timeout=30, isolation_level=None)) as other:
        while not stop_within(other, process):
            time.sleep(0.001)
    outcome = ended(process)
    assert outcome.refused(130, "再运行一次")
    before = stored(installation)
    assert 0 < before < 444
    assert installation.load("JD", file).code == 0
    assert stored(installation) == 444


def has_tables(installation: Installation) -> bool:
    """Whether the load has made the database that it writes to."""
    database = installation.home / "catalogue.sqlite3"
    if not database.exists():
        return False
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'source_record'").fetchone()[0])


def stop_within(other: sqlite3.Connection, process: subprocess.Popen[str]) -> bool:
    """Interrupt a load that stored something, while it waits for ``other``: however fast it is, it cannot have reached its end."""
    other.execute("BEGIN IMMEDIATE")
    begun: bool = other.execute("SELECT count(*) FROM source_record").fetchone()[0] > 0
    if begun:
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everybody in the group hears it
        time.sleep(0.2)
    other.execute("ROLLBACK")
    return begun


def stored(installation: Installation) -> int:
    """Records in the database now."""
    with sqlite3.connect(installation.home / "catalogue.sqlite3", timeout=30) as connection:
        found: int = connection.execute("SELECT count(*) FROM source_record").fetchone()[0]
    connection.close()
    return found


def test_two_loads_of_one_library(installation: Installation, file: Path) -> None:
    database, now = Database(f"sqlite:///{installation.home / 'catalogue.sqlite3'}"), SystemClock().now()
    with database.write() as connection:
        lease = leases.acquire(connection, "load:JD", leases.new_holder(), now, 120)
    assert lease is not None
    assert installation.load("JD", file).refused(4, "JD", "正有一次装载")
    assert installation.load("JX", file).code == 0
    with database.write() as connection:
        leases.release(connection, lease)
    database.close()
    assert installation.load("JD", file).code == 0
    assert stored(installation) == 60


def test_words_that_a_terminal_cannot_show(demo: Installation) -> None:
    environment = demo.environment() | {"PYTHONIOENCODING": "latin-1"}
    command = [*COMMAND, "search", "红楼梦"]
    process = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="latin-1", check=False)
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize("query", ["\udcff\udcfe", "\x00", "a" * 10_000, '"" OR AND (', "\x1b[31m"])
def test_queries_that_nobody_can_read(demo: Installation, query: str) -> None:
    assert demo.run("search", query, "--json").code == 0


def test_a_query_in_another_encoding_than_the_terminals(demo: Installation) -> None:
    command = [*COMMAND, "search", "--json", os.fsdecode("红楼梦".encode("gb18030"))]
    process = subprocess.run(command, env=demo.environment(), capture_output=True, check=False)
    assert (process.returncode, process.stderr) == (0, b"")
    assert json.loads(process.stdout)["warnings"]
