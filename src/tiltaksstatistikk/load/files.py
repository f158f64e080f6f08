"""Whether a file of an extract is whole, what its columns are called, and how DuckDB reads it.

DuckDB can tell some of it, but its errors quote the content that it failed on, and with it a person_ident; and it takes
a gzip file that is cut off for a shorter one.
"""

import codecs
import csv
import json
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from tiltaksstatistikk.load.values import prepare, quoted, sql_text

CHUNK_BYTES = 1 << 20
TABLE_ENDINGS = (".csv", ".parquet")
TOPIC_ENDINGS = (".jsonl", ".jsonl.gz")
# Names that may be meant for a source, and are not read: another form, or another spelling of one that is.
LOOKS_LIKE_DATA = re.compile(
    r"\.(csv|tsv|txt|json|jsonl|ndjson|parquet|avro|xlsx?)(?!.*\.(md5|sha\d+|crc)$)([.~].*)?$", re.I
)
LONGEST_LINE_BYTES = 1 << 26
# The bytes that a file begins with, and its kind.
SIGNATURES = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "a ZIP archive or a workbook"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
    (b"BZh", "compressed with bzip2"),
    (b"\xfd7zXZ", "compressed with XZ"),
    (b"PAR1", "Parquet"),
    (b"Obj\x01", "Avro"),
    (b"\xd0\xcf\x11\xe0", "a workbook"),
    (b"%PDF", "PDF"),
    (codecs.BOM_UTF32_LE, "text in UTF-32"),
    (codecs.BOM_UTF16_LE, "text in UTF-16"),
    (codecs.BOM_UTF16_BE, "text in UTF-16"),
)
# A folder called `name=value` is no column.
CSV_OPTIONS = "hive_partitioning = false, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"'"


def sql_path(path: str) -> str:
    """Return a path as SQL text in which no character is a wildcard."""
    return sql_text(path.replace("[", "[[]").replace("*", "[*]"))


def reader(path: str, columns: str = "*", known: list[str] | None = None) -> str:
    """Return the SQL query that reads a file.

    Args:
        path: a CSV or Parquet file, or a topic's lines in JSON.
        columns: what to select of a table; of a topic it is always `melding`, the whole line.
        known: the columns of a CSV file that may be named; the others are called by their number.
    """
    if path.endswith(".parquet"):
        return f"select {columns} from read_parquet({sql_path(path)}, hive_partitioning = false)"
    if path.endswith(".csv"):
        types = ", ".join(
            f"{sql_text(name if name in (known or []) else f'kolonne_{number}')}: 'varchar'"
            for number, name in enumerate(file_columns(path), start=1)
        )
        return f"select {columns} from read_csv({sql_path(path)}, {CSV_OPTIONS}, nullstr = '', columns = {{{types}}})"
    return (
        f"select cast(json as varchar) as melding from read_ndjson_objects({sql_path(path)}, ignore_errors = true, "
        f"maximum_object_size = {LONGEST_LINE_BYTES})"
    )


@cache
def looker() -> duckdb.DuckDBPyConnection:
    """Return the database that files are looked at with: opening one takes longer than most looks."""
    connection = duckdb.connect()
    prepare(connection)
    return connection


def query(sql: str) -> list[tuple[Any, ...]]:
    """Run a query about a file on a connection of its own."""
    with looker().cursor() as connection:
        return connection.execute(sql).fetchall()


def parquet_types(path: str) -> list[tuple[str, str]]:
    """Return the columns of a Parquet file as it has them, each with DuckDB's type; none when it cannot be read."""
    try:
        sql = f"describe select * from read_parquet({sql_path(path)}, hive_partitioning = false)"
        return [(str(name), str(kind)) for name, kind, *_ in query(sql)]
    except duckdb.Error:
        return []


def file_columns(path: str) -> list[str]:
    """Return the names of the columns of a CSV or Parquet file, in lower case; none when the file cannot be read."""
    if path.endswith(".parquet"):
        return [name.strip().lower() for name, _ in parquet_types(path)]
    try:
        with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
            return [name.strip().lower() for name in next(csv.reader(file), [])]
    except (OSError, csv.Error):
        return []


def is_number(kind: str) -> bool:
    """Whether one of DuckDB's types is of numbers."""
    return re.fullmatch(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*", kind) is not None


def is_nested(kind: str) -> bool:
    """Whether one of DuckDB's types is of lists, or of values with names."""
    return kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION"))


def column_texts(path: str, names: list[str], persons: list[str]) -> dict[str, str]:
    """Return the SQL of columns as texts, by their names; of those that a file lacks it is null.

    Args:
        path: a CSV or Parquet file, with a column for each name at most.
        names: the columns.
        persons: those of them that 32 bytes are a hash in.
    """
    nothing = dict.fromkeys(names, "cast(null as varchar)")
    if path.endswith(".parquet"):
        return nothing | typed_texts(parquet_types(path), names, persons)
    return nothing | {name: quoted(name) for name in names if name in file_columns(path)}


def typed_texts(types: list[tuple[str, str]], names: list[str], persons: list[str]) -> dict[str, str]:
    """Return the SQL of columns with types as texts, by their names in lower case, of those that are there.

    Args:
        types: the columns, each with DuckDB's type.
        names: which are wanted.
        persons: those of them that 32 bytes are a hash in.
    """
    found = {name.strip().lower(): (quoted(name), kind) for name, kind in types}
    return {name: parquet_text(*found[name], is_person=name in persons) for name in names if name in found}


def parquet_text(column: str, kind: str, is_person: bool) -> str:
    """Return the SQL of a Parquet file's column as text (specification 2).

    Args:
        column: the column's name as SQL.
        kind: DuckDB's type of it.
        is_person: whether 32 bytes are the hash of an ident, as BigQuery has it; others are UTF-8.
    """
    if kind == "BLOB":
        text = f"decode({column})"
        return f"case when octet_length({column}) = 32 then lower(hex({column})) else {text} end" if is_person else text
    if kind == "BLOB[]":
        return f"cast(to_json(list_transform({column}, lambda text: decode(text))) as varchar)"
    if kind.endswith("[]"):
        return f"cast(to_json({column}) as varchar)"
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        # A missing value is no number in pandas.
        whole = f"case when {column} = trunc({column}) then try_cast({column} as hugeint) end"
        text = f"coalesce(cast({whole} as varchar), cast({column} as varchar))"
        return f"case when not isnan(cast({column} as double)) then {text} end"
    return f"cast({column} as varchar)"


def csv_reject(path: str, known: list[str]) -> tuple[int, str | None, str] | None:
    """Return where the first row that cannot be read is, and why, without quoting it.

    Args:
        path: a CSV file.
        known: the columns that may be named; the others are called by their number.

    Returns:
        The line, the column or None, and DuckDB's name of the fault; None when every row can be read.

    Raises:
        duckdb.InvalidInputException: DuckDB does not get through the file, since its lines do not all end alike.
    """
    columns = {
        name if name in known else f"kolonne_{number}": "varchar"
        for number, name in enumerate(file_columns(path), start=1)
    }
    with looker().cursor() as connection:
        connection.execute(
            f"select count(columns(*)) from read_csv({sql_path(path)}, {CSV_OPTIONS}, nullstr = '', "
            f"columns = {columns}, store_rejects = true)"
        ).fetchall()
        return connection.execute(
            "select line, column_name, lower(cast(error_type as varchar)) from reject_errors order by line limit 1"
        ).fetchone()


class NotWhole(Exception):
    """A file ends before it should, or goes on after its end. The text says which."""


def has_the_rows_it_should(path: str) -> bool:
    """Whether DuckDB finds rows in a CSV file that has more than a header: of some headers it makes no end."""
    if query(reader(path, "count(*)")) != [(0,)]:
        return True
    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return not any(record for number, record in enumerate(csv.reader(file)) if number)


@dataclass(frozen=True)
class Look:
    """The result of looking through a file.

    Attributes:
        fault: why it cannot be read; None when it can.
        empty: whether there is nothing in it, or only blank lines.
    """

    fault: str | None = None
    empty: bool = False


def seems(head: bytes) -> str | None:
    """Return what a file is by its first bytes; None when they are text in UTF-8 that may be CSV or lines of JSON."""
    for signature, kind in SIGNATURES:
        if head.startswith(signature):
            return kind
    if b"\0" in head:
        return "text in UTF-16 or UTF-32" if head[1::2].count(0) + head[::2].count(0) > len(head) // 3 else "binary"
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        return "HTML or XML"
    return None


def look_through(path: str) -> Look:
    """Look whether a file is whole and what it says it is. Nothing in it is quoted.

    gzip and Parquet are read to their end. A topic that ends in the middle of a message was cut off: taken for whole,
    it would delete every participation that came after. Whether the rows of a CSV file can be read, `csv_reject` says.
    """
    try:
        with Path(path).open("rb") as file:
            head = file.read(CHUNK_BYTES >> 8)
        if not head:
            return Look("it is empty", empty=True)
        kind = seems(head)
        if path.endswith(".parquet"):
            if kind != "Parquet":
                return Look(f"it is not Parquet, but {kind or 'text'}")
            # A count alone is told by the file's own statistics.
            query(f"select bit_xor(hash(rad)) from read_parquet({sql_path(path)}, hive_partitioning = false) as rad")
        elif path.endswith(".csv"):
            start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
            kind = kind or ("JSON" if start in (b"{", b"[") else None)
            return Look(f"it is not CSV in UTF-8, but {kind}" if kind else None)
        elif path.endswith(".gz"):
            if kind != "gzip":
                return Look(f"it is not compressed with gzip, but {kind or 'text'}")
            return look_through_lines(gunzipped(path))
        elif kind == "gzip":
            return Look("it is compressed with gzip and must be called .jsonl.gz then")
        else:
            return look_through_lines(chunks(path))
    except NotWhole as error:
        return Look(str(error))
    except (OSError, zlib.error):
        return Look("it is not a whole file")
    except duckdb.Error:
        return Look("it is not a whole Parquet file with text in UTF-8")
    return Look()


def chunks(path: str) -> Iterator[bytes]:
    """Return a file, a piece at a time."""
    with Path(path).open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def gunzipped(path: str) -> Iterator[bytes]:
    """Return the content of a gzip file of one member or several, a piece at a time.

    Raises:
        NotWhole: it is cut off, or there is something after its end, which DuckDB does not get past.
        zlib.error: it is damaged.
    """
    member = zlib.decompressobj(wbits=31)
    for chunk in chunks(path):
        while chunk:
            if member.eof:
                if not chunk.startswith(b"\x1f"):
                    raise NotWhole("there is something after the end of what is compressed")
                member = zlib.decompressobj(wbits=31)
            if found := member.decompress(chunk):
                yield found
            chunk = member.unused_data
    if not member.eof:
        raise NotWhole("it is cut off")


def look_through_lines(content: Iterator[bytes]) -> Look:
    """Look through the lines of a topic: one of them has a place, and the last is not cut off."""
    head, tail = b"", b""
    placed = False
    for chunk in content:
        if not head.strip():
            head = (head + chunk)[: CHUNK_BYTES >> 4]
        text, _, rest = (tail + chunk).rpartition(b"\n")
        if len(rest) > LONGEST_LINE_BYTES:
            kind = "a JSON array" if head.lstrip().startswith(b"[") else seems(head)
            return Look(f"it has a line longer than a message can be{f'. It seems to be {kind}' if kind else ''}")
        placed = placed or any(has_a_place(line) for line in text.split(b"\n"))
        tail = rest
    if ends_in_a_message(tail):
        return Look("it ends in the middle of a message")
    placed = placed or has_a_place(tail)
    head = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not head:
        return Look("it is empty", empty=True)
    is_array = head.startswith(b"[") and read_line(head.partition(b"\n")[0]) is None
    if placed and not is_array:
        return Look()
    kind = seems(head) or (
        "a JSON array" if head.startswith(b"[") else "JSON over several lines" if head.startswith(b"{") else None
    )
    return Look(
        "not one line of it has a message with key, offset and value, as lines of JSON in UTF-8 have"
        + (f". It seems to be {kind}" if kind else "")
    )


def read_line(line: bytes) -> Any:
    """Return what Python reads in a line of JSON; None when it is no JSON in UTF-8."""
    try:
        return parsed_json(line.removeprefix(codecs.BOM_UTF8).decode())
    except (ValueError, RecursionError):
        return None


def parsed_json(text: str) -> Any:
    """Return what Python reads in a text of JSON, so that it can be written again.

    What Python or JSON has no number for is text. Of two equal names the first counts, as DuckDB has it.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is too deep.
    """
    return json.loads(
        text,
        parse_constant=str,
        # Python makes no number of very many digits. One of 18 is a number to DuckDB too.
        parse_int=lambda digits: int(digits) if len(digits) <= 18 else digits,
        object_pairs_hook=lambda pairs: dict(reversed(pairs)),
    )


def has_a_place(line: bytes) -> bool:
    """Whether a line has the place of a message in the topic, and a value, as our envelope or kcat's."""
    message = read_line(line) if line.strip() else None
    if not isinstance(message, dict) or message.get("key") is None or not str(message["key"]).strip():
        return False
    return is_whole_number(message.get("offset")) and ("value" in message or "payload" in message)


def is_whole_number(value: Any) -> bool:
    """Whether a value in JSON is a whole number to `values.whole_number` too."""
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return value.is_integer() and abs(value) < 1e15
    if isinstance(value, str) and not re.fullmatch(r"0|-?[1-9]\d{0,18}", value, re.ASCII):
        return False
    return isinstance(value, int | str) and -(2**63) <= int(value) < 2**63


def is_from_kcat(path: str) -> bool:
    """Whether the first message of a topic's file is as kcat writes it; an odd one among others is an odd line."""
    first: dict[str, Any] = next((read_line(line) for line in raw_lines(path) if has_a_place(line)), {})
    return "payload" in first and "value" not in first


def odd_lines(path: str, wanted: set[int]) -> Iterator[tuple[int, str | None]]:
    """Read lines that DuckDB does not read as messages.

    Args:
        path: a topic's file, or its seed.
        wanted: which of the lines that are not blank, the first being 1.

    Yields:
        The line's number in the file, and the line as JSON that DuckDB reads; None when it is none.
    """
    count = 0
    for number, line in enumerate(raw_lines(path), start=1):
        if line.strip():
            count += 1
            if count in wanted:
                message = read_line(line)
                if not line.removeprefix(codecs.BOM_UTF8).strip():
                    # A file of a mark alone.
                    continue
                if line.startswith(codecs.BOM_UTF8) and message is not None and b"\\u" not in line:
                    # The line that it is without its mark may be there too.
                    yield number, line.removeprefix(codecs.BOM_UTF8).decode().strip()
                    continue
                if isinstance(message, dict) and "value" not in message and "payload" in message:
                    message["value"] = value_of(message.pop("payload"))
                # Half a surrogate pair is no text in UTF-8. Two of them stay two.
                text = json.dumps(message, ensure_ascii=False).encode(errors="xmlcharrefreplace").decode()
                yield number, None if message is None else text


def value_of(payload: Any) -> Any:
    """Return the value that kcat has written as text; the text when it is no JSON."""
    if not isinstance(payload, str):
        return payload
    try:
        return parsed_json(payload)
    except (ValueError, RecursionError):
        return payload


def raw_lines(path: str) -> Iterator[bytes]:
    """Return the lines of a topic's file, or the rows of its seed."""
    if path.endswith(".csv"):
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            yield from (row[0].encode() for row in list(csv.reader(file))[1:] if row)
        return
    tail = b""
    for chunk in chain(gunzipped(path) if path.endswith(".gz") else chunks(path), [b"\n"]):
        *lines, tail = (tail + chunk).split(b"\n")
        yield from lines


def ends_in_a_message(tail: bytes) -> bool:
    """Whether what follows the last end of a line is the beginning of a JSON object, but not all of it."""
    text = tail.decode("utf-8", errors="ignore").strip()
    try:
        parsed_json(text)
    except json.JSONDecodeError as error:
        return text.startswith("{") and (error.pos >= len(text) or error.msg.startswith("Unterminated string"))
    except RecursionError:
        # Too deep for Python, and no beginning of anything.
        return False
    return False


def file_state(path: str) -> tuple[int, int]:
    """Return a file's size in bytes and the time it was changed, in nanoseconds; zeros when it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns
