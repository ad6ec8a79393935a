"""Readers by file: linked and not doubled, asked about where unsure, told line by line; and the files themselves."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.messages import sentence
from loaders.patrons.batch_file import open_batch, read_lines
from tests.services.reading_public import ReadingPublic, reading_public
from union_catalog.clock import SteppingClock
from union_catalog.errors import InvalidInput, NotFound, SourceUnusable
from union_catalog.patrons.keys import Document
from union_catalog.services import consents
from union_catalog.services.patrons import batch, lookup, merge, profile
from union_catalog.services.patrons.batch import Told
from union_catalog.storage.database import Database
from union_catalog.storage.tables import credential, credit_entry, event, patron

HEADING = "读者证号,姓名,出生日期,证件号码,手机,社保卡号,分馆"
WANG = "A1,王小明,1949/12/31,11010519491231002X,13800138000,S1,JD-2"
LI = "A2,李小红,1990年5月1日,,13900139000,,"


@pytest.fixture
def public(catalogue_database: Database, now: SteppingClock) -> ReadingPublic:
    return reading_public(catalogue_database, now)


@pytest.fixture
def enrol(public: ReadingPublic, tmp_path: Path) -> "Enrol":
    return Enrol(public, tmp_path / "readers.csv")


class Enrol:
    """Writes a file and works it off."""

    def __init__(self, public: ReadingPublic, path: Path) -> None:
        self.public, self.path = public, path

    def __call__(self, *lines: str, library: str = "JD", encoding: str = "utf-8", heading: str = HEADING, branch: str = "") -> list[Told]:
        self.path.write_bytes("\r\n".join((heading, *lines, "")).encode(encoding))
        public = self.public
        told = batch.enrol_file(public.database, public.office, public.desk(library), library, read_lines(open_batch(self.path)), branch)
        return [one for several in told for one in several]


def results(told: Sequence[Told]) -> list[tuple[int, str, str]]:
    return [(one.line, one.result, one.code) for one in told]


def patrons_count(public: ReadingPublic) -> int:
    with public.database.read() as connection:
        return connection.execute(select(func.count()).select_from(patron)).scalar_one()


def test_readers_are_enrolled_with_a_card_of_ours_and_known_by_their_old_ones(public: ReadingPublic, enrol: Enrol) -> None:
    first, second = enrol(WANG, LI)
    assert (first.result, second.result) == ("enrolled", "enrolled")
    with public.database.read() as connection:
        for number in (first.card, "A1", "s1"):
            assert lookup.by_card(connection, public.office, number).patron == first.patron
        shown = profile.read(connection, public.office, public.desk(), first.patron)
        assert (shown.name, shown.patron.category, shown.patron.home_branch, shown.patron.state) == ("王小明", "senior", "JD-2", "active")
        assert shown.consent_missing
        other = profile.read(connection, public.office, public.desk(), second.patron)
        assert (other.patron.home_branch, other.person and str(other.person.birth_date)) == ("JD-1", "1990-05-01")
        points = connection.execute(select(credit_entry.c.patron_id, credit_entry.c.points)).all()
        assert {tuple(row) for row in points} == {(one.patron.id, one.patron.credit) for one in (shown, other)}
        kinds = connection.execute(select(event.c.kind, event.c.data).where(event.c.subject.like("patron:%"))).all()
        assert [row.kind for row in kinds] == ["patron.enrolled"] * 2
        assert "王" not in str(kinds)


def test_the_same_file_again_changes_nothing(public: ReadingPublic, enrol: Enrol) -> None:
    first, again = enrol(WANG, LI), enrol(WANG, LI)
    assert [one.result for one in again] == ["present", "present"]
    assert [one.patron for one in again] == [one.patron for one in first]
    with public.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(credential)).scalar_one() == 5
        of_readers = select(func.count()).select_from(event).where(event.c.subject.like("patron:%"))
        assert connection.execute(of_readers).scalar_one() == 2


def test_somebody_of_another_library_is_linked_by_the_document_and_a_namesake_is_asked_about(public: ReadingPublic, enrol: Enrol) -> None:
    wang, li = enrol(WANG, LI)
    linked, asked = enrol("B1,王小明,,11010519491231002x,,,", "B2,李小红,19900501,,+86 139 0013 9000,,", library="JX")
    assert (linked.result, linked.patron) == ("linked", wang.patron)
    assert (asked.result, asked.code, asked.candidates) == ("asked", "possible_duplicate", (li.patron,))
    heading = f"{HEADING},决定"
    same, other = enrol(
        f"B2,李小红,19900501,,13900139000,,,{li.patron}", "B3,李小红,19900501,,13900139000,,,new", library="JX", heading=heading
    )
    assert (same.result, same.patron, other.result) == ("linked", li.patron, "enrolled")
    assert other.patron != li.patron
    assert patrons_count(public) == 3


def test_one_person_twice_in_a_file_is_one_reader(public: ReadingPublic, enrol: Enrol) -> None:
    told = enrol(WANG, "A9,王小明,,11010519491231002X,,,", LI, "A8,李小红,1990-05-01,,13900139000,,", WANG)
    assert results(told) == [
        (2, "enrolled", ""),
        (3, "linked", ""),
        (4, "enrolled", ""),
        (5, "asked", "possible_duplicate"),
        (6, "present", ""),
    ]
    assert patrons_count(public) == 2


def test_a_card_that_is_another_s_is_told(enrol: Enrol) -> None:
    enrol(WANG, LI)
    (told,) = enrol("A2,王小明,,11010519491231002X,,,")
    assert (told.result, told.code, told.column) == ("refused", "credential_taken", "card")
    (told,) = enrol("A3,赵一,,,,S1,")
    assert (told.result, told.code, told.column) == ("refused", "credential_taken", "social")


def test_a_card_whose_holder_is_told_to_be_somebody_else_is_asked_about(public: ReadingPublic, enrol: Enrol) -> None:
    """By another document of the same kind, or by another name with another date of birth; a mended name alone is the same person."""
    first, second = enrol(WANG, LI)
    other, stranger, renamed = "A1,张三,,310114197003155058,,,", "A2,赵六,1970-01-01,,,,", "A2,李小虹,1990-05-01,,,,"
    told = enrol(other, stranger, renamed)
    assert results(told) == [(2, "asked", "card_of_another"), (3, "asked", "card_of_another"), (4, "present", "")]
    assert [one.candidates for one in told] == [(first.patron,), (second.patron,), ()]
    decided = enrol(f"{other},{first.patron}", f"{stranger},new", heading=f"{HEADING},decision")
    assert results(decided) == [(2, "present", ""), (3, "asked", "card_of_another")]
    assert results(enrol("A3,陈一,,110101199003074477,,,", "A3,陈二,,310114197003155058,,,")) == [
        (2, "enrolled", ""),
        (3, "asked", "card_of_another"),
    ]


def test_a_quotation_mark_that_nothing_ends_spoils_its_line(enrol: Enrol) -> None:
    told = enrol(WANG, 'A9,"批辰,1988-03-15,,13911110020,,')
    assert [(one.result, one.code, one.column) for one in told] == [("enrolled", "", ""), ("refused", "quotation_unended", "姓名")]


def test_a_merged_reader_leads_on(public: ReadingPublic, enrol: Enrol) -> None:
    kept = public.enrol().patron
    gone = public.enrol(document=Document("resident_id", "11010519491231002X")).patron
    with public.database.write() as connection:
        merge.merge(connection, public.office, public.desk(), kept.id, gone.id)
    assert enrol(WANG)[0].patron == kept.id


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("A1,,1990-05-01,,,,", "patron_name_needed", "name"),
        ("A1,王,1990-02-31,,,,", "parameter.not_a_day", "出生日期"),
        ("A1,王,someday,,,,", "parameter.not_a_day", "出生日期"),
        ("A1,王,2030-01-01,,,,", "birth_date_impossible", "birth_date"),
        ("A1,王,,123,,,", "resident_id_invalid", "document_number"),
        ("A1,王,,,1,,", "phone_invalid", "phone"),
        ("A1,王,,,abc,,", "phone_invalid", "phone"),
        ("A1,王,1990-01-01,11010519491231002X,,,", "birth_date_contradicted", "birth_date"),
        ("A1,王,,,,,XX", "unknown_home_branch", "branch"),
        ("A1,王,2020-01-01,,,,", "guardian_needed", "guardian_card"),
        ("A1,王,,,,,JD-1,more", "too_many_cells", "分馆"),
        ("A1,王,,,,,JD-1,", "too_many_cells", "分馆"),
        ("A1,王,1990-05-01", "too_few_cells", "证件号码"),
        ("A1,王,,,,", "too_few_cells", "分馆"),
        ("9156000000000001,王,,,,,", "credential_invalid", "card"),
        (",王,1990-05-01,,13800138000,S1,", "known_by_nothing", "document_number"),
        ("A1,王\x00,1990-05-01,,,,", "undecodable_cell", "姓名"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_the_others_are_taken(
    public: ReadingPublic, enrol: Enrol, line: str, code: str, column: str
) -> None:
    bad, good = enrol(line, LI)
    assert (bad.line, bad.result, bad.code, bad.column) == (2, "refused", code, column)
    assert (good.line, good.result) == (3, "enrolled")


def test_a_child_comes_with_a_guardian_of_the_library_and_a_consent(public: ReadingPublic, enrol: Enrol) -> None:
    heading = "card,name,birth_date,guardian_card,consent_date,notice"
    enrol("G1,母亲,1985-01-01,,2026-10-01,2026-1", heading=heading)
    child, orphan = enrol("C1,大宝,2018-01-01,G1,2026-10-02,2026-1", "C2,二宝,2018-01-01,G9,,", heading=heading)
    assert (child.result, orphan.code) == ("enrolled", "guardian_invalid")
    with public.database.read() as connection:
        (given,) = consents.all_of(connection, child.patron)  # type: ignore[arg-type]  # an id is a text
        assert (given.notice, given.guardian is not None, str(given.given_on)) == ("2026-1", True, "2026-10-02")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16"])
def test_every_encoding_of_a_library_is_read(enrol: Enrol, encoding: str) -> None:
    lines = [f"A{number},歐陽遠方,1990-05-0{number},,,," for number in range(1, 4)]
    told = enrol(*lines, encoding=encoding, heading="card,name,birth_date,document_number,phone,social,branch")
    assert [one.result for one in told] == ["enrolled"] * 3


def test_a_file_that_cannot_be_used_is_told_whole(tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    with pytest.raises(SourceUnusable, match="file_not_found"):
        open_batch(path)
    for content, code in (
        (b"", "empty_file"),
        (b"\x00\x01\x02\x00", "not_a_table"),
        ("读者证号,生日\nA1,1990-01-01\n".encode(), "reader_columns_missing"),
        ("姓名,生日\n王,1990-01-01\n".encode(), "reader_columns_missing"),
        ("读者证号,姓名\n".encode(), "no_records"),
        ("读者证号,姓名\n".encode("utf-16"), "no_records"),
        (b"\xff\xfe", "empty_file"),
        (b"\xff\xfe\xfd\x81\x00\x80bad", "file_cut_off"),
        (b"\xff\xfe\x00\xd8b\x00", "not_a_table"),
        ("读者证号,姓名\nA1,王小明".encode("utf-16")[:-1], "file_cut_off"),
        ("读者证号,姓名,手机\nA1,王小明,\nA2,李小".encode(), "file_cut_off"),
        ("读者证号,姓名,手机\r\nA1,王小明,\r\nA2,李小".encode("gb18030"), "file_cut_off"),
        ("读者证号,姓名,手机\nA1,王小明,\nA2,李小".encode("utf-16"), "file_cut_off"),
        ("读者证号,姓名\nA1,王小明\nA2,李小红".encode()[:-1], "file_cut_off"),
        ('读者证号,姓名\nA1,王小明\nA2,"李小'.encode(), "file_cut_off"),
    ):
        path.write_bytes(content)
        with pytest.raises(SourceUnusable, match=code):
            open_batch(path)
    path.write_bytes("读者证号,姓名\n".encode("gb18030") + "A1,欧阳远方\nA2,王小明\n".encode("gb18030") * 20)
    with pytest.raises(SourceUnusable, match="wrong_encoding") as refused:
        open_batch(path, "utf-8")
    assert refused.value.data["better"] == "gb18030"
    with pytest.raises(SourceUnusable, match="encoding_not_of_tables"):
        open_batch(path, "marc-8")
    with pytest.raises(SourceUnusable, match="file_unreadable"):
        open_batch(tmp_path)


@pytest.mark.parametrize("end", ["A2,李小红,", "A2,李小红,\n", 'A2,李小红,""', "A2,李小红,138\n  "])
def test_a_file_whose_last_line_is_whole_needs_no_line_after_it(tmp_path: Path, end: str) -> None:
    path = tmp_path / "readers.csv"
    path.write_text(f"读者证号,姓名,手机\nA1,王小明,\n{end}", "utf-8")
    assert [(line.number, line.card, line.fault) for line in read_lines(open_batch(path))] == [(2, "A1", ""), (3, "A2", "")]


def test_a_line_in_another_encoding_is_told_by_number_and_column(public: ReadingPublic, tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    good = [f"A{number},王小明\n".encode() for number in range(5)]
    path.write_bytes("读者证号,姓名\n".encode() + b"".join(good) + "B1,李小红\n".encode("gb18030"))
    *_, last = read_lines(open_batch(path))
    assert (last.number, last.fault, last.column) == (7, "undecodable_cell", "姓名")


def test_half_a_character_of_utf_16_spoils_its_line_alone(public: ReadingPublic, enrol: Enrol) -> None:
    enrol.path.write_bytes("读者证号,姓名\nA1,王小明\nA2,李小红".encode("utf-16") + b"\x3d\xd8\n\x00")
    told = batch.enrol_file(public.database, public.office, public.desk("JD"), "JD", read_lines(open_batch(enrol.path)))
    assert [results(several) for several in told] == [[(2, "enrolled", ""), (3, "refused", "undecodable_cell")]]


def test_what_a_line_is_refused_for_can_be_said_whole(enrol: Enrol) -> None:
    lines = ("A1,,1990-05-01,,,,", "A1,王,,,,,XX", "A1,王,,123,,,", "A1,王,,,1,,", ",王,,,,,", "A1,王,2020-01-01,,,,")
    for one in enrol(*lines):
        assert "?" not in sentence(one.code, {"name": one.column, **one.data}, "en")
    assert "最多200个字" in sentence("patron_name_needed", enrol(lines[0])[0].data, "zh")


def test_a_library_needs_to_be_there_with_a_branch(public: ReadingPublic, enrol: Enrol) -> None:
    with pytest.raises(NotFound, match="unknown_library"):
        enrol(LI, library="XX")
    with pytest.raises(InvalidInput, match="library_without_branches"):
        enrol(LI, library="WZ")
    with pytest.raises(InvalidInput, match="unknown_home_branch"):
        enrol(LI, branch="JX-1")
    assert enrol(LI, branch="JD-2")[0].result == "enrolled"


def test_more_lines_than_a_transaction_takes(public: ReadingPublic, enrol: Enrol) -> None:
    told = enrol(*(f"N{number},读者{number},,,,," for number in range(batch.BATCH + 5)))
    assert batch.counted(told) == {"enrolled": batch.BATCH + 5}
    assert len({one.card for one in told}) == batch.BATCH + 5
