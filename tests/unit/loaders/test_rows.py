"""Tables: headings, rows brought together, what one record of rows says."""

import datetime
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from loaders.formats.columns import FIELDS, find_columns
from loaders.formats.model import ParsedRecord
from loaders.formats.registry import open_source
from loaders.formats.rows import FILLERS
from union_catalog.errors import ConfigurationError, MalformedRecord, SourceUnusable

HEADING = "控制号,题名,责任者,出版社,出版日期,价格,馆藏地,条码号,文献类型,状态\n"
ROWS = (
    "K1,穷查理宝典,[美] 查理·芒格 / [美] 彼得·考夫曼（编） / 李继宏,上海人民出版社,2010-05,398.00,HQ,101,book,在馆\n",
    "K2,逻辑学讲义,(德) 康德 / 许景行,商务印书馆,2010-10,15.00元,HQ,102,reference,在馆\n",
    "K1,穷查理宝典,[美] 查理·芒格 / [美] 彼得·考夫曼（编） / 李继宏,上海人民出版社,2010-05,398.00,MAIN,103,children,借出\n",
)


def write(folder: Path, text: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def load(path: Path, format: str = "csv", mapping: Path | None = None, encoding: str = "auto") -> list[ParsedRecord]:
    source = open_source(path, format, encoding, mapping=mapping)
    return [source.reader.read(raw) for raw in source.frames()]


def test_rows_of_one_control_number_are_one_record_wherever_they_stand(tmp_path: Path) -> None:
    first, second = load(write(tmp_path, "\ufeff" + HEADING + "".join(ROWS)))
    assert (first.record_id, first.position, first.offset) == ("K1", 0, 2)
    assert (second.record_id, second.position, second.offset) == ("K2", 1, 3)
    assert [(i.barcode, i.branch_code, i.item_type, i.lending, i.status, i.price) for i in first.items] == [
        ("101", "HQ", "book", "loan", "available", "398.00"),
        ("103", "MAIN", "children", "loan", "on_loan", "398.00"),
    ]
    assert second.items[0].lending == "library_use"


def test_the_order_of_the_rows_changes_no_record(tmp_path: Path) -> None:
    apart = load(write(tmp_path, HEADING + "".join(ROWS), "a.csv"))
    together = load(write(tmp_path, HEADING + ROWS[0] + ROWS[2] + ROWS[1], "b.csv"))
    assert [(r.record_id, r.digest) for r in apart] == [(r.record_id, r.digest) for r in together]


def test_what_is_said_of_the_edition(tmp_path: Path) -> None:
    record = load(write(tmp_path, HEADING + ROWS[0]))[0].record
    assert record.title_proper is not None
    assert (record.title_proper.text, record.title_proper.source) == ("穷查理宝典", "题名")
    assert [(a.name, a.country, a.roles) for a in record.agents] == [
        ("查理·芒格", "美", ()),
        ("彼得·考夫曼", "美", ("editor",)),
        ("李继宏", "", ()),
    ]
    assert (record.year, record.publications[0].source) == (2010, "出版社 出版日期")


def test_a_row_without_control_number_is_a_record_of_its_own(tmp_path: Path) -> None:
    records = load(write(tmp_path, HEADING + ROWS[0].replace("K1", "") * 2 + ROWS[1]))
    assert [len(record.items) for record in records] == [1, 1, 1]
    assert records[0].record_id == f"sha256-{records[0].digest[:16]}"
    assert records[2].record_id == "K2"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = (HEADING + "".join(ROWS)).replace(",", delimiter)
    first, _ = load(write(tmp_path, text.encode(encoding)))
    assert first.record.titles[0].text == "穷查理宝典"
    assert len(first.items) == 2


def test_english_headings(tmp_path: Path) -> None:
    text = (
        "Control No.,Title,Author(s),Publisher,Pub. Date,ISBN,Location,Barcode,Item Type,Status\n1,T,A,P,2001,7-5037-2020-4,X,9,book,Lost\n"
    )
    (record,) = load(write(tmp_path, text))
    assert record.record.identifiers[0].value == "9787503720208"
    assert record.items[0].status == "lost"


def test_a_stray_quotation_mark_costs_no_other_row(tmp_path: Path) -> None:
    records = load(write(tmp_path, HEADING + ROWS[0].replace("K1,", 'K1,"') + ROWS[1]))
    assert [record.record_id for record in records] == ["K1", "K2"]


def test_a_quoted_cell_may_hold_line_ends(tmp_path: Path) -> None:
    records = load(write(tmp_path, HEADING + ROWS[0].replace("穷查理宝典", '"穷查理\n宝典, ""新"""') + ROWS[1]))
    assert [record.record.titles[0].text for record in records] == ['穷查理 宝典, "新"', "逻辑学讲义"]


@pytest.mark.parametrize(
    ("row", "code"),
    [("K1,a,b,c,d,e,f,g,h,i,j\n", "row_too_long"), ("K1\n", "row_too_short"), ("K1,a\xff\n", "undecodable")],
)
def test_a_bad_row_costs_only_its_record(tmp_path: Path, row: str, code: str) -> None:
    source = open_source(write(tmp_path, HEADING.encode() + row.encode("latin-1") + ROWS[1].encode()), "csv", "utf-8")
    bad, good = source.frames()
    with pytest.raises(MalformedRecord) as raised:
        source.reader.read(bad)
    assert raised.value.code == code
    assert source.reader.read(good).record_id == "K2"


def test_a_short_row_lacks_only_what_it_lacks(tmp_path: Path) -> None:
    (record,) = load(write(tmp_path, HEADING + "K9,题名\n"))
    assert (record.record.titles[0].text, record.items[0].barcode) == ("题名", "")


def test_a_raw_record_can_be_read_alone(tmp_path: Path) -> None:
    source = open_source(write(tmp_path, HEADING + "".join(ROWS)), "csv")
    first = next(iter(source.frames()))
    again = load(write(tmp_path, first.data, "alone.csv"))
    assert [record.record for record in again] == [source.reader.read(first).record]


@pytest.mark.parametrize(
    ("text", "code", "data"),
    [
        ("a,b,c\n1,2,3\n", "missing_columns", {"missing": ("record_id", "title"), "found": ("a", "b", "c")}),
        ("题名,条码号\n甲,1\n", "missing_columns", {"missing": ("record_id",), "found": ("题名", "条码号")}),
        (HEADING, "no_records", None),
        ("", "empty_file", None),
        ("\x00\x01\x00", "not_a_table", None),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str, code: str, data: dict[str, object] | None) -> None:
    with pytest.raises(SourceUnusable) as refused:
        open_source(write(tmp_path, text), "csv")
    assert refused.value.code == code
    assert data is None or refused.value.data == data


def test_a_mapping_file_tells_what_headings_mean(tmp_path: Path) -> None:
    mapping = write(tmp_path, '[columns]\nrecord_id = "Bib#"\ntitle = ["Nope", "Long title"]\n', "map.toml")
    (record,) = load(write(tmp_path, "Bib#,Long title,Title\n7,Yes,No\n"), mapping=mapping)
    assert (record.record_id, record.record.titles[0].text, record.items) == ("7", "Yes", ())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('[columns]\nrecord_id = "Bib#"\n\ntitel = "T"\n', "mapping_unknown_field", 4),
        ('[columns]\n# note\ntitle = "Nope"\n', "mapping_heading_absent", 3),
        ('[columns]\ntitle = "T"\nrecord_id = \n', "mapping_syntax", 3),
        ("[columns]\ntitle = 7\n", "mapping_not_text", 2),
        ('title = "T"\n', "mapping_syntax", 1),
    ],
)
def test_errors_of_a_mapping_file_name_the_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    table = write(tmp_path, "Bib#,T\n1,2\n")
    with pytest.raises(ConfigurationError) as raised:
        open_source(table, "csv", mapping=write(tmp_path, text, "map.toml"))
    assert (raised.value.code, raised.value.data["line"]) == (code, line)


def test_a_mapping_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        open_source(write(tmp_path, HEADING + ROWS[0]), "csv", mapping=tmp_path / "no.toml")
    assert raised.value.code == "mapping_unreadable"


def test_every_field_of_a_table_is_read() -> None:
    together = {"record_id", "remainder", "volume_number", "volume_title", "place", "publisher", "date"}
    items = {"branch", "barcode", "item_type", "status", "call_number"}
    assert set(FILLERS) | together | items == set(FIELDS)


def test_all_columns_of_the_edition(tmp_path: Path) -> None:
    text = (
        "编号,书名,副题名,卷册,译者,版次,页数,开本,丛书,ISBN,统一书号,语种,分类号,主题词,摘要,网址\n"
        "1,逻辑学,讲义,上,许景行,第2版,300页,24cm,汉译名著 ; 5,7-5037-2020-4（精装）,10019·3145,中文,B81;O1,逻辑学；哲学--德国,提要,http://x.org\n"
    )
    (read,) = load(write(tmp_path, text))
    record, title = read.record, read.record.titles[0]
    assert (title.text, title.remainder, title.volume_number) == ("逻辑学", "讲义", "上")
    assert [(a.name, a.roles) for a in record.agents] == [("许景行", ("translator",))]
    assert [t.text for t in (*record.editions, *record.extents, *record.dimensions, *record.summaries)] == [
        "第2版",
        "300页",
        "24cm",
        "提要",
    ]
    assert (record.series[0].title, record.series[0].number) == ("汉译名著", "5")
    assert [(i.scheme, i.qualifier) for i in record.identifiers] == [("isbn", "精装"), ("cubn", "")]
    assert (record.languages, [c.number for c in record.classifications]) == (("chi",), ["B81", "O1"])
    assert [(s.heading, s.subdivisions) for s in record.subjects] == [("逻辑学", ()), ("哲学", ("德国",))]
    assert record.links[0].url == "http://x.org"


def test_a_volume_a_row_is_said_of_the_items(tmp_path: Path) -> None:
    (read,) = load(write(tmp_path, "编号,书名,卷册,条码\n1,史记,上,11\n1,史记,下,12\n"))
    assert read.record.titles[0].volume_number == ""
    assert [item.volume for item in read.items] == ["上", "下"]


def test_known_headings_do_not_depend_on_case_blanks_or_brackets() -> None:
    columns = find_columns([" CONTROL NO ", "题 名", "价格（元）", "馆藏地(代码)"])
    assert columns.places == {"record_id": 0, "title": 1, "price": 2, "branch": 3}


def make_workbook(path: Path, rows: list[list[object]]) -> Path:
    workbook = Workbook()
    workbook.create_sheet("说明", 0).append(["导出说明"])
    sheet = workbook["Sheet"]
    for row in rows:
        sheet.append(row)
    workbook.save(path)
    return path


def test_a_workbook(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "t.xlsx",
        [
            ["控制号", "题名", "出版日期", "条码号", "价格"],
            [1.0, "史记", datetime.date(2001, 5, 1), 310000000001, 12.5],
            [None, None, None],
            [1, "史记", datetime.date(2001, 5, 1), 310000000002.0, 12.5],
        ],
    )
    (read,) = load(path, "xlsx")
    assert (read.record_id, read.offset, read.record.year) == ("1", 2, 2001)
    assert [item.barcode for item in read.items] == ["310000000001", "310000000002"]


def test_what_is_no_workbook_and_what_is_a_bomb(tmp_path: Path) -> None:
    with pytest.raises(SourceUnusable) as refused:
        open_source(write(tmp_path, "编号,书名\n", "t.xlsx"), "xlsx")
    assert refused.value.code == "not_a_workbook"
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _ in range(250):
            part.write(b"0" * 1_000_000)
    with pytest.raises(SourceUnusable) as refused:
        open_source(bomb, "xlsx")
    assert refused.value.code == "workbook_too_large"
    entities = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(entities, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(SourceUnusable) as refused:
        open_source(entities, "xlsx")
    assert refused.value.code == "xml_doctype"
