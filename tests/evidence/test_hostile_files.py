"""Files made to hurt: refused by content, early, and without unpacking them."""

from __future__ import annotations

import io
import pickle
import time
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import inspect_runs, parse_runs


def parquet(table: pa.Table, **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


@pytest.fixture(scope="module")
def wide_parquet() -> bytes:
    one = pa.array([0.5])
    return parquet(pa.table([one] * 60_000, names=[f"share_{i}" for i in range(60_000)]), store_schema=False)


def test_parquet_of_sixty_thousand_columns(wide_parquet):
    start = time.process_time()
    with pytest.raises(TableError, match=r"columns, more than the 5,000|more than 20,000 columns"):
        parse_runs(wide_parquet, "runs.parquet")
    assert time.process_time() - start < 1


def test_parquet_footer_of_a_million_columns():
    """A footer that long is refused by its stated length, before it is parsed."""
    footer = b"\x00" * 100_000_000
    data = b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"
    start = time.process_time()
    with pytest.raises(TableError, match="describes its columns in 100 MB"):
        parse_runs(data, "runs.parquet")
    assert time.process_time() - start < 1


def test_parquet_of_more_cells_than_memory():
    """A constant column packs into almost nothing; 400 of them by a million rows would be 3 GB."""
    column = pa.array([0.5]).take(pa.array([0] * 200_000))
    data = parquet(pa.table([column] * 300, names=[f"x_{i}" for i in range(300)]), compression="zstd")
    assert len(data) < 1_000_000
    with pytest.raises(TableError, match="200,000 rows times 300 columns, more than 50,000,000 cells"):
        parse_runs(data, "runs.parquet")


def test_parquet_of_repeated_long_text():
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), pa.array(["x" * 50_000]))
    data = parquet(pa.table({"note": long, "y_loss": pa.array([1.0] * 100_000)}))
    assert len(data) < 2_000_000
    with pytest.raises(TableError, match="text of the column 'note' is 5,000 MB when unpacked"):
        parse_runs(data, "runs.parquet")


def test_parquet_with_lists():
    data = parquet(pa.table({"share_a": [[1, 2]], "y_loss": [1.0]}))
    with pytest.raises(TableError, match="'share_a' holds lists or records"):
        parse_runs(data, "runs.parquet")


def test_parquet_text_that_is_not_utf8():
    raw = pa.array([b"r1", b"r\xff2"]).view(pa.string())
    data = parquet(pa.table({"run_id": raw, "y_loss": [1.0, 2.0]}))
    with pytest.raises(TableError, match="'run_id' holds bytes that are not UTF-8"):
        parse_runs(data, "runs.parquet")


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_damaged_parquet(damage):
    data = parquet(pa.table({"share_a": [0.5] * 9, "y_loss": [1.0] * 9}))
    spoilt = data[: len(data) // 2] if damage == "cut" else data[:-200] + b"\xff" * 100 + data[-100:]
    with pytest.raises(TableError, match="Parquet file"):
        parse_runs(spoilt, "runs.parquet")


def test_a_pickle_is_never_loaded(tmp_path):
    trace = tmp_path / "run"

    class Bomb:
        def __reduce__(self):
            return (type(trace).touch, (trace,))

    with pytest.raises(TableError):
        parse_runs(pickle.dumps(Bomb(), protocol=0), "runs.csv")
    with pytest.raises(TableError, match="a Python pickle"):
        parse_runs(pickle.dumps(Bomb()), "runs.csv")
    assert not trace.exists()


def workbook(sheet: bytes, extra: dict[str, bytes] | None = None) -> bytes:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Override PartName="/xl/workbook.xml" ContentType="' + kind + b'.sheet.main+xml"/>'
        b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="' + kind + b'.worksheet+xml"/></Types>',
        "_rels/.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/officeDocument'
        b'/2006/relationships/officeDocument"/></Relationships>',
        "xl/workbook.xml": b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        b'<sheets><sheet name="runs" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006'
        b'/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats'
        b'.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        **(extra or {}),
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def cell(place: str, text: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def test_workbook_that_unpacks_to_half_a_gigabyte():
    data = workbook(SHEET % b"", {"xl/media/zeros.bin": b"\x00" * 450_000_000})
    assert len(data) < 1_000_000
    with pytest.raises(TableError, match="workbook unpacks to 450 MB"):
        parse_runs(data, "runs.xlsx")


def test_workbook_with_a_cell_at_the_far_corner():
    """One cell in the last column of the last row makes no sheet of 17 billion cells."""
    rows = b'<row r="1">%s%s</row><row r="1048576">%s</row>' % (
        cell("A1", "share_a"),
        cell("B1", "y_loss"),
        cell("XFD1048576", "far"),
    )
    start = time.process_time()
    assert inspect_runs(workbook(SHEET % rows), "runs.xlsx").table is None
    assert time.process_time() - start < 10


def test_workbook_with_sixteen_thousand_columns():
    rows = b'<row r="1">%s</row>' % cell("XFD1", "far")
    with pytest.raises(TableError, match="16,384 columns"):
        parse_runs(workbook(SHEET % rows), "runs.xlsx")


def test_workbook_of_nested_entities():
    laughs = "".join(f'<!ENTITY l{i} "{"".join(f"&l{i - 1};" for _ in range(10))}">' for i in range(1, 12))
    sheet = f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>'.encode() + SHEET % (
        b'<row r="1">' + cell("A1", "&l11;") + b"</row>"
    )
    start = time.process_time()
    with pytest.raises(TableError, match="workbook cannot be read"):
        parse_runs(workbook(sheet), "runs.xlsx")
    assert time.process_time() - start < 5


def test_workbook_with_broken_xml():
    with pytest.raises(TableError, match="workbook cannot be read"):
        parse_runs(workbook(b"<worksheet><sheetData><row>"), "runs.xlsx")


def test_workbook_without_its_list_of_parts():
    data = workbook(SHEET % b"", {"[Content_Types].xml": b"<Types/>"})
    with pytest.raises(TableError, match="workbook cannot be read"):
        parse_runs(data, "runs.xlsx")


def test_zip_that_is_no_workbook():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    with pytest.raises(TableError, match="a zip archive, not a table"):
        parse_runs(sink.getvalue(), "runs.xlsx")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("[1, 2]", "Line 1 is not a JSON object"),
        ('{"share_a": 1', "Line 1 is not JSON"),
        ('{"share_a": {"b": 1}}', "Row 1, column share_a holds a list or an object"),
        ('{"a": ' * 100_000 + "1" + "}" * 100_000, "Line 1 is not JSON"),
        ('{"n": ' + "9" * 10_000 + "}", "Line 1 is not JSON"),
        ('{"a": 1, "a": 2}', "'a' stands more than once"),
        ('{"note": "\\ud800"}', "half a surrogate"),
        ('{"\\ud800": 1}', "control character"),
        ("{" + ",".join(f'"c{i}": 1' for i in range(6000)) + "}", "6,000 columns"),
    ],
)
def test_hostile_json_lines(line, told):
    with pytest.raises(TableError, match=told.replace("(", r"\(")):
        parse_runs(line.encode(), "runs.jsonl")


def test_csv_with_a_quote_that_never_closes():
    data = b'share_a,share_b,y_loss\n"' + b"x,\n" * 200_000
    start = time.process_time()
    with pytest.raises(TableError):
        parse_runs(data, "runs.csv")
    assert time.process_time() - start < 5


def test_csv_with_an_endless_header():
    with pytest.raises(TableError, match="reads as one column"):
        parse_runs(b"a" * 5_000_000, "runs.csv")


def test_line_break_in_a_column_name():
    with pytest.raises(TableError, match="control character"):
        parse_runs(b'"share_a\nb",share_c,y_loss\n.5,.5,1\n', "runs.csv")
