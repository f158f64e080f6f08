"""Ways to spoil the files of an extract, and to write them otherwise without changing what they say.

An extract is a dictionary from file names to bytes. A mangling changes one of its files, and returns what it did. The
names of those that must change nothing that is loaded begin with `same_`.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

Files = dict[str, bytes]
Mangling = Callable[[random.Random, Files], str]

JUNK = [
    b'"', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xef\xbb\xbf", b"\xff", b"\xe5", "å".encode(), "a\u030a".encode(),
    "\u00a0".encode(), "\u2028".encode(), "\u0085".encode(), "\u200b".encode(), b"\\", b"{", b"}", b"[", b"]", b"'",
    b";", b"\t", b" ", b"#", b"0", b"-", b"null", b'""', b'"\n"', b"\x1a", b"\x0b", b"\x0c", b"\xc3", b"\xed\xa0\x80",
    b"\xf0\x9f\x8d\x92", b":", b'\\"', b"\\u0000", b"\x1e", b"\n\n", b"e9", b".0",
]  # fmt: skip
VALUES = [
    "", " ", "NULL", "null", "None", "nan", "NaN", "\\N", "0", "-1", "1e5", "00", "0219", "219", "0219 ", "\u00a00219",
    "true", "TRUE", "True", "t", "1", "yes", "ja", "false", "F", "2025-01-12T23:00:00Z", "2025-01-12t23:00:00,5z",
    "20250112T2300Z", "20250112", "1736722800000", "173672280000", "2025-01-12 23:00:00.1234567891+01:00",
    "2025-01-12T23:00:00[Europe/London]", "2025-01-12T24:00:00", "2025-10-26T02:30:00", "2025-03-30T02:30:00",
    "2025-W02-7", "2025-012", "infinity", "epoch", "now", "today", "0001-01-01", "9999-12-31T23:59:59Z", "2025-1-2",
    "12.01.2025", "01851012345", "Z990001", "z990001", "018510 12345", "1851012345", "9" * 40, "[]", "[1]", "{}",
    '["Z1"]', '["z990001", null, ""]', "['Z1']", '["Z1"', '"', '""', "a\nb", "a\r\nb", "a,b", "a;b", "'", "=1+1",
    "\u200b", "\ufeff", "e\u0301", "\u2126", "ﬁ", "ß", "İ", "202402", "202413", "202402.0", "2024-02", "x" * 5000,
    "a\0b", "\x01", "(ident)", "UKJENT", "0000-00-00", "2025-02-29", "2025-01-12T23:00:60Z", "+2025-01-12",
    "2025-01-12T23:00:00+25:00", "2025-01-12T23:00:00.Z", "２０２５-01-12", "٠٢١٩",
    "00000002-ABCD-4000-8000-000000000001",
    "{00000002-abcd-4000-8000-000000000001}", "00000002abcd40008000000000000001", "-0", "1_000", "0x10", "1,5", " 60 ",
]  # fmt: skip
KINDS = [
    "bigint", "double", "float", "decimal(18, 0)", "decimal(20, 2)", "hugeint", "blob", "timestamp", "timestamptz",
    "date", "integer", "boolean", "varchar[]", "uuid", "timestamp_ns", "timestamp_s", "timestamp_ms", "smallint",
    "uinteger", "time", "json", "null", "enum", "bit", "varchar",
]  # fmt: skip


def pick(rng: random.Random, files: Files, pattern: str = "") -> str:
    """Draw one of the files whose name has a pattern in it; the larger ones no oftener."""
    return rng.choice(sorted(name for name in files if re.search(pattern, name)))


def _lines(files: Files, name: str) -> list[bytes]:
    content = gzip.decompress(files[name]) if name.endswith(".gz") else files[name]
    return content.removesuffix(b"\n").split(b"\n")


def _put(files: Files, name: str, lines: list[bytes], end: bytes = b"\n") -> None:
    content = b"".join(line + end for line in lines)
    files[name] = gzip.compress(content, mtime=0) if name.endswith(".gz") else content


def _rows(files: Files, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def _csv(files: Files, name: str, rows: list[list[str]], **options: Any) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, **{"lineterminator": "\r\n", **options}).writerows(rows)
    files[name] = file.getvalue().encode("utf-8", "surrogatepass")


# Bytes of any file


def of_bytes(rng: random.Random, files: Files) -> str:
    """Flip, replace, insert, delete, repeat, swap or cut bytes; in a compressed file now and then what is in it."""
    name = pick(rng, files)
    inside = name.endswith(".gz") and rng.random() < 0.6
    content = bytearray(gzip.decompress(files[name]) if inside else files[name])
    if not content:
        files[name] = rng.choice(JUNK)
        return f"{name}: junk in an empty file"
    done = []
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at, length = rng.randrange(len(content) or 1), rng.choice([1, 1, 2, 5, 20, 200])
        piece = bytes(content[at : at + length])
        how = rng.choice(["flip", "replace", "insert", "insert", "delete", "repeat", "cut", "append", "start", "swap"])
        if how == "flip" and content:
            content[at] ^= 1 << rng.randrange(8)
        elif how == "replace":
            content[at : at + 1] = rng.choice(JUNK)
        elif how == "insert":
            content[at:at] = rng.choice(JUNK)
        elif how == "delete":
            del content[at : at + length]
        elif how == "repeat":
            content[at:at] = piece * rng.choice([1, 1, 2, 50])
        elif how == "cut":
            del content[at:]
        elif how == "append":
            content += rng.choice([*JUNK, b"\0" * 100, piece])
        elif how == "start":
            content[0:0] = rng.choice(JUNK)
        else:
            other = rng.randrange(len(content) or 1)
            content[other:other] = piece
            del content[at : at + length]
        done.append(f"{how} at {at}")
    files[name] = gzip.compress(bytes(content), mtime=0) if inside else bytes(content)
    return f"{name}: {', '.join(done)}"


def of_encoding(rng: random.Random, files: Files) -> str:
    """Write a file in another encoding."""
    name = pick(rng, files, r"(csv|jsonl)$")
    try:
        text = files[name].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "nothing"
    coding = rng.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp865", "cp1252", "utf-7"])
    files[name] = text.encode(coding, "replace")
    return f"{name}: {coding}"


def same_composed(rng: random.Random, files: Files) -> str:
    """Take letters apart (NFD), or write a byte order mark."""
    name = pick(rng, files, r"(csv|jsonl)$")
    text = files[name].decode("utf-8-sig")
    # The header and the names of a message's fields stay as they are.
    head, _, rest = text.partition("\n")
    if name.endswith(".csv") and rng.random() < 0.7:
        files[name] = f"{head}\n{unicodedata.normalize('NFD', rest)}".encode()
        return f"{name}: NFD"
    files[name] = text.encode("utf-8-sig") if text else files[name]
    return f"{name}: byte order mark"


def of_files(rng: random.Random, files: Files) -> str:
    """Rename, remove, empty, copy or mix up files."""
    name, other = pick(rng, files), pick(rng, files)
    how = rng.choice(["rename", "remove", "empty", "copy", "swap", "junk", "gz", "ungz", "upper"])
    stem, _, ending = name.partition(".csv")
    if how == "rename":
        new = rng.choice([f"{name}.bak", f" {name}", f"{name} ", f"kopi av {name}", f"{stem}.CSV", f"{stem}.txt"])
        files[new] = files.pop(name)
    elif how == "remove":
        del files[name]
    elif how == "empty":
        files[name] = rng.choice([b"", b"\n", b"\r\n", b"\xef\xbb\xbf", b" "])
    elif how == "copy":
        new = rng.choice([f".{name}", f"{name}.bak", f"{name}~", f"Kopi {name}", f"{stem}-2{ending or '.csv'}"])
        files[new] = files[name]
    elif how == "swap":
        files[name], files[other] = files[other], files[name]
    elif how == "junk":
        files[rng.choice(["LES_MEG.txt", ".DS_Store", "Thumbs.db", "_SUCCESS", "x.csv", "amt.deltaker.jsonl"])] = b"x"
    elif how == "gz":
        new = rng.choice([name, f"{name}.gz"])
        files[new] = gzip.compress(files.pop(name), mtime=0)
        name = f"{name} as {new}"
    elif how == "ungz" and name.endswith(".gz"):
        files[rng.choice([name, name[:-3]])] = gzip.decompress(files.pop(name))
    else:
        files[name.upper()] = files.pop(name)
    return f"{name}: {how}"


# Tables


def of_csv(rng: random.Random, files: Files) -> str:
    """Write a table with other delimiters, quotes, line ends, lengths of rows or header."""
    name = pick(rng, files, r"\.csv$")
    rows = _rows(files, name)
    how = rng.choice(
        ["delimiter", "ends", "no header", "two headers", "short", "long", "blank", "quote", "escape", "comment",
         "header", "swap names", "trailing", "unbalanced", "lone cr", "drop", "rename", "double column", "spaces"]
    )  # fmt: skip
    options: dict[str, Any] = {}
    at = rng.randrange(len(rows))
    if how == "delimiter":
        options["delimiter"] = rng.choice([";", "\t", "|", ":", " "])
    elif how == "ends":
        _csv(files, name, rows)
        ends = iter(rng.choice([b"\n", b"\r", b"\r\n", b"\n\r", b"\n\n"]) for _ in range(10**5))
        files[name] = re.sub(rb"\r\n", lambda _: next(ends), files[name])
        return f"{name}: mixed line ends"
    elif how == "no header":
        rows = rows[1:] or rows
    elif how == "two headers":
        rows.insert(at, rows[0])
    elif how == "short":
        rows[at] = rows[at][: rng.randrange(len(rows[at]) + 1)]
    elif how == "long":
        rows[at] = rows[at] + rng.choice([[""], ["x"], ["", ""], ["0219", "x"]])
    elif how == "blank":
        rows.insert(at, rng.choice([[], [" "], [""] * len(rows[0]), [","]]))
    elif how == "quote":
        options |= {"quotechar": "'", "quoting": csv.QUOTE_ALL}
    elif how == "escape":
        options |= {"doublequote": False, "escapechar": "\\", "quoting": csv.QUOTE_ALL}
    elif how == "comment":
        rows.insert(at, [rng.choice(["# kommentar", "sep=,", "-- slutt", "(12 rows)", "//"])])
    elif how == "header":
        column = rng.randrange(len(rows[0]))
        old = rows[0][column]
        rows[0][column] = rng.choice(
            [
                old.upper(),
                f" {old}",
                f"{old} ",
                f"{old}\u00a0",
                f"\ufeff{old}",
                f'"{old}"',
                "",
                f"{old}\n",
                f"{old}_1",
                f"\r\n{old}",
            ]
        )
    elif how == "swap names" and len(rows[0]) > 1:
        one, other = rng.sample(range(len(rows[0])), 2)
        rows[0][one], rows[0][other] = rows[0][other], rows[0][one]
    elif how == "trailing":
        _csv(files, name, rows)
        files[name] = files[name].replace(b"\r\n", rng.choice([b",\r\n", b" \r\n", b";\r\n"]))
        return f"{name}: trailing"
    elif how == "unbalanced":
        _csv(files, name, rows)
        place = rng.choice([found.start() for found in re.finditer(rb"[,\n]", files[name])] or [0])
        quote = rng.choice([b'"', b'""', b'"x', b'"x"y', b'x"y'])
        files[name] = files[name][: place + 1] + quote + files[name][place + 1 :]
        return f"{name}: {quote!r} at {place}"
    elif how == "lone cr":
        _csv(files, name, rows)
        place = rng.randrange(len(files[name]))
        files[name] = files[name][:place] + b"\r" + files[name][place:]
        return f"{name}: \\r at {place}"
    elif how == "drop":
        del rows[at]
    elif how == "rename":
        rows[0][rng.randrange(len(rows[0]))] = rng.choice(["navn", "id", "person_ident", "enhetsnummer", "x"])
    elif how == "double column":
        column = rng.randrange(len(rows[0]))
        rows = [[*row, row[column] if column < len(row) else ""] for row in rows]
    elif how == "spaces":
        options["delimiter"] = ","
        rows = [[f" {cell}" for cell in row] for row in rows]
    _csv(files, name, rows, **options)
    return f"{name}: {how} at {at}"


def of_cells(rng: random.Random, files: Files) -> str:
    """Put other values into cells, or move them between rows and columns."""
    name = pick(rng, files, r"\.csv$")
    rows = _rows(files, name)
    if len(rows) < 2:
        rows.append([""] * len(rows[0]))
    done = []
    for _ in range(rng.choice([1, 2, 5])):
        row, column = rng.randrange(1, len(rows)), rng.randrange(len(rows[0]))
        other, to = rng.randrange(1, len(rows)), rng.randrange(len(rows[0]))
        how = rng.choice(["value", "value", "value", "swap", "copy", "case", "space", "shift"])
        if max(column, to) >= min(len(rows[row]), len(rows[other])):
            continue
        if how == "value":
            rows[row][column] = rng.choice(VALUES)
        elif how == "swap":
            rows[row][column], rows[other][to] = rows[other][to], rows[row][column]
        elif how == "copy":
            rows[other][to] = rows[row][column]
        elif how == "case":
            rows[row][column] = rows[row][column].swapcase()
        elif how == "space":
            rows[row][column] = f"{rng.choice(chr(160) + chr(9) + ' ' + chr(10))}{rows[row][column]} "
        else:
            rows[row] = rows[row][1:] + rows[row][:1]
        done.append(f"{how} {row}.{column}: {rows[row][column]!r:.80}")
    _csv(files, name, rows)
    return f"{name}: {done}"


def same_csv(rng: random.Random, files: Files) -> str:
    """Shuffle, repeat and quote rows; move columns and add one; write other line ends."""
    name = pick(rng, files, r"\.csv$")
    rows = _rows(files, name)
    head, *rest = rows
    if any(len(row) != len(head) for row in rest):
        return "nothing"
    how = rng.sample(["shuffle", "repeat", "columns", "extra", "quote", "lf", "no end", "case", "space"], 2)
    if "shuffle" in how:
        rng.shuffle(rest)
    if "repeat" in how and rest:
        rest += rng.choices(rest, k=3)
    if "columns" in how:
        order = rng.sample(range(len(head)), len(head))
        head, rest = [head[place] for place in order], [[row[place] for place in order] for row in rest]
    if "extra" in how:
        place = rng.randrange(len(head) + 1)
        head = [*head[:place], "ny, kolonne", *head[place:]]
        rest = [[*row[:place], rng.choice(["", "x", 'a"b', "æ\ny", "0"]), *row[place:]] for row in rest]
    if "case" in how:
        rest = [
            [cell.upper() if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", cell) else cell for cell in row]
            for row in rest
        ]
    if "space" in how:
        rest = [[f"{cell} " if cell and rng.random() < 0.3 else cell for cell in row] for row in rest]
    _csv(
        files, name, [head, *rest],
        quoting=csv.QUOTE_ALL if "quote" in how else csv.QUOTE_MINIMAL, lineterminator="\n" if "lf" in how else "\r\n",
    )  # fmt: skip
    if "no end" in how:
        files[name] = files[name].rstrip(b"\r\n")
    return f"{name}: {how}"


def of_parquet(rng: random.Random, files: Files) -> str:
    """Write a table as Parquet with other types, where a column's values are such."""
    name = pick(rng, files, r"\.csv$")
    rows = _rows(files, name)
    head, rest = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    if len(set(head)) != len(head) or not all(head):
        return "nothing"
    done = []
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        columns = ", ".join(f'"{column.replace(chr(34), "")}" varchar' for column in head)
        connection.execute(f"create table t ({columns})")
        if rest:
            marks = ", ".join("?" * len(head))
            connection.executemany(f"insert into t values ({marks})", [[cell or None for cell in row] for row in rest])
        for column in head:
            kind = rng.choice([*KINDS, *["varchar"] * 30])
            quoted = f'"{column}"'
            sql = f"cast({quoted} as {kind})"
            if kind == "blob":
                hashed = (
                    f"case when {quoted} similar to '\\d{{11}}' then unhex(sha256({quoted})) else encode({quoted}) end"
                )
                sql = rng.choice([f"encode({quoted})", hashed])
            elif kind == "varchar[]":
                sql = f"from_json({quoted}, '[\"VARCHAR\"]')"
            elif kind == "null":
                sql = "null"
            elif kind == "enum":
                cells = sorted({"x", *(row[head.index(column)] for row in rest)})
                sql = f"cast({quoted} as enum ({', '.join(map(repr, cells))}))"
            try:
                connection.execute("begin")
                connection.execute(f"create or replace table t as select * replace ({sql} as {quoted}) from t")
                connection.execute("commit")
            except duckdb.Error:
                connection.execute("rollback")
                continue
            if kind != "varchar":
                done.append(f"{column} {kind}")
        path = Path(folder) / "t.parquet"
        how = rng.choice(["", ", compression zstd", ", compression uncompressed", ", parquet_version v2"])
        try:
            connection.execute(f"copy t to '{path}' (format parquet{how})")
        except duckdb.Error:
            return "nothing"
        files.pop(name)
        files[f"{name.removesuffix('.csv')}.parquet"] = path.read_bytes()
    return f"{name} as parquet: {done}{how}"


# Topics


def _message_mangled(rng: random.Random, line: bytes) -> tuple[str, bytes]:
    """Change one message, written anew as JSON or as text."""
    how = rng.choice(
        ["value", "value", "value", "number", "nan", "deep", "huge", "twice", "twice envelope", "float offset", "array",
         "text offset", "null", "drop", "case", "bool", "list", "moved", "two", "split", "pretty", "kcat odd", "key",
         "envelope", "string value", "escape", "comment", "quotes", "partition", "negative", "control"]
    )  # fmt: skip
    try:
        read = json.loads(line)
        assert isinstance(read, dict) and isinstance(read.get("offset"), int) and "key" in read
        value = read.get("value", read.get("payload"))
        value = json.loads(value) if isinstance(value, str) else value
        assert isinstance(value, dict)
    except (ValueError, AssertionError, RecursionError):
        return "nothing", line
    kcat = "payload" in read
    text = line.decode()
    fields = [*value, "status.type", "status.opprettetTidspunkt"] if isinstance(value.get("status"), dict) else [*value]
    name = rng.choice(fields)

    def put(new: Any) -> None:
        if name.startswith("status."):
            value["status"][name.removeprefix("status.")] = new
        else:
            value[name] = new

    if how == "value":
        put(rng.choice(VALUES))
    elif how == "number":
        put(rng.choice([0, 1, 1.0, 1e3, 20250112, 1736722800000, 1851012345, 12345678901, 0.1, -5, 1e400, 10**30]))
    elif how == "nan":
        put(rng.choice([float("nan"), float("inf"), -float("inf")]))
    elif how == "deep":
        depth = rng.choice([50, 300, 900, 2000])
        put(json.loads("[" * 50 + "]" * 50))
        text = json.dumps(read)
        return f"deep {depth}", text.replace("[" * 50, "[" * depth).replace("]" * 50, "]" * depth).encode()
    elif how == "huge":
        return how, re.sub(r'": (\d)', f'": {"9" * rng.choice([19, 25, 400, 4400])}', text, count=1).encode()
    elif how == "twice":
        put("FØRST")
        inner = json.dumps(value, ensure_ascii=False)
        again = json.dumps(rng.choice([None, "DELTAR", "2025-01-12", "0219"]))
        inner = f"{inner[:-1]}, {json.dumps(name.split('.')[-1])}: {again}}}"
        read["payload" if kcat else "value"] = "@"
        return f"twice {name}", json.dumps(read).replace('"@"', json.dumps(inner) if kcat else inner).encode()
    elif how == "twice envelope":
        which = rng.choice(["key", "offset", "partition", "value", "payload"])
        other = {"key": '"annen"', "offset": "5", "partition": "0", "value": "null", "payload": "null"}[which]
        return f"twice {which}", (
            f'{{"{which}": {other}, {text[1:]}' if rng.random() < 0.5 else f'{text.rstrip()[:-1]}, "{which}": {other}}}'
        ).encode()
    elif how in ("float offset", "text offset", "negative", "bool"):
        number = read["offset"]
        read["offset"] = {
            "float offset": float(number),
            "text offset": str(number),
            "negative": -number - 1,
            "bool": True,
        }[how]
    elif how == "array":
        return how, f"[{text}]".encode()
    elif how == "null":
        put(None)
    elif how == "drop":
        value.pop(name, None)
    elif how == "case":
        value[name.upper()] = value.pop(name, None)
    elif how == "list":
        put(rng.choice([[], {}, [1], {"a": None}, [[]], ["0219"], {"type": "DELTAR"}]))
    elif how == "moved":
        value[rng.choice(list(value))] = value.get(name)
    elif how == "two":
        return how, rng.choice([f"{text}{text}", f"{text} {text}", f"{text},", f"{text}\r{text}"]).encode()
    elif how == "split":
        at = rng.randrange(1, len(text))
        return how, f"{text[:at]}\n{text[at:]}".encode()
    elif how == "pretty":
        return how, json.dumps(read, indent=rng.choice([0, 2])).encode()
    elif how == "kcat odd":
        odd = {"topic": "x", "partition": read.get("partition"), "offset": read["offset"], "key": read["key"]}
        return how, json.dumps(
            {**odd, "payload": rng.choice([value, "", "null", "{", "[]", json.dumps(json.dumps(value))])}
        ).encode()
    elif how == "key":
        key = read["key"]
        read["key"] = rng.choice(
            [
                None,
                "",
                " ",
                5,
                5.0,
                True,
                [key],
                {},
                f" {key} ",
                key.upper(),
                f"{key}\u00a0",
                f"{key}\0",
                "01851012345",
                "Z990001",
                "\ud83d",
                f"{{{key}}}",
                f'"{key}"',
            ]
        )
    elif how == "envelope":
        read.pop(rng.choice(list(read)))
    elif how == "string value":
        read["value"] = json.dumps(value)
        read.pop("payload", None)
        return how, json.dumps(read).encode()
    elif how == "escape":
        put(rng.choice(["\ud83d", "\udc4d", "a\u0000b", "\x7f", "\\", '"', "\u2028", "0219\u0000", "\u0000"]))
    elif how == "comment":
        return how, rng.choice(
            [
                f"// {text}",
                f"{text} // x",
                f"{text}#",
                f"\x1e{text}",
                f"\ufeff{text}",
                f"{text}\u00a0",
                f"\u00a0{text}",
                f"\x0c{text}",
                f"{text}\0",
            ]
        ).encode()
    elif how == "quotes":
        return how, rng.choice(
            [
                text.replace('"', "'"),
                text.replace("null", "None"),
                text.replace("}", ",}", 1),
                text.replace('": ', '":: ', 1),
                text.replace(": true", ": True"),
            ]
        ).encode()
    elif how == "partition":
        read["partition"] = rng.choice([None, "0", 0.0, -1, 10**20, True, [], 7])
    elif how == "control":
        at = rng.randrange(len(text))
        return how, (text[:at] + rng.choice("\t\x01\x7f\u200b\u2029") + text[at:]).encode()
    if kcat:
        read["payload"] = json.dumps(value)
    else:
        read["value"] = value
    return f"{how} {name}", json.dumps(read, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def of_messages(rng: random.Random, files: Files) -> str:
    """Change some messages of a topic."""
    name = pick(rng, files, "jsonl")
    lines = _lines(files, name)
    done = []
    for _ in range(rng.choice([1, 2, 5])):
        at = rng.randrange(len(lines))
        how, lines[at] = _message_mangled(rng, lines[at])
        done.append(f"{how} at {at + 1}")
    _put(files, name, lines)
    return f"{name}: {done}"


def of_topic(rng: random.Random, files: Files) -> str:
    """Change a topic as a whole."""
    name = pick(rng, files, "jsonl")
    lines = _lines(files, name)
    how = rng.choice(
        ["array", "pretty", "cr", "one line", "drop", "null", "cut line", "offsets", "no end", "junk line"]
    )
    at = rng.randrange(len(lines))
    end = b"\n"
    if how == "array":
        lines = [b"[", *(line + b"," for line in lines[:-1]), lines[-1], b"]"]
    elif how == "pretty":
        lines = [json.dumps(json.loads(line), indent=1).encode() for line in lines if line.startswith(b"{")]
    elif how == "cr":
        end = b"\r"
    elif how == "one line":
        end = b" "
    elif how == "drop":
        del lines[at]
    elif how == "cut line":
        lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
    elif how == "offsets":
        lines[at] = re.sub(
            rb'"offset": \d+', b'"offset": %d' % rng.choice([0, 1, 10, 2**31, 2**53 + 1, 2**63 - 1]), lines[at]
        )
    elif how == "junk line":
        lines.insert(at, rng.choice([*JUNK, b"% Reached end of topic", b"{}", b"[]", b"null", b"5", b'"x"']))
    elif how == "null":
        lines[at] = re.sub(rb'"(value|payload)": .*', rb'"\1": null}', lines[at])
    _put(files, name, lines, end)
    return f"{name}: {how} at {at + 1}"


def same_topic(rng: random.Random, files: Files) -> str:
    """Shuffle, repeat, split, compress and rewrite the lines of a topic, and wrap them as kcat does."""
    name = pick(rng, files, "jsonl")
    lines = [line for line in _lines(files, name) if line.strip()]
    how = rng.sample(
        ["shuffle", "repeat", "split", "gz", "members", "blank", "crlf", "ascii", "kcat", "order", "upper", "spaces",
         "no end", "spaced", "empty beside", "tight"], 2
    )  # fmt: skip
    read = []
    for line in lines:
        try:
            read.append(json.loads(line))
        except ValueError:
            return "nothing"
    if not read or not all(
        isinstance(one, dict) and isinstance(one.get("key"), str) and "offset" in one for one in read
    ):
        return "nothing"
    if "kcat" in how:
        read = [
            {"topic": "t", "partition": one.get("partition"), "offset": one["offset"], "tstype": "create", "ts": 1,
             "key": one["key"], "payload": None if one["value"] is None else json.dumps(one["value"])}
            if "value" in one else one for one in read
        ]  # fmt: skip
    if "order" in how:
        read = [dict(rng.sample(list(one.items()), len(one))) for one in read]
    if "upper" in how:
        read = [{**one, "key": one["key"].upper() if "-" in one["key"] else one["key"]} for one in read]
    if "spaces" in how:
        read = [{**one, "key": f" {one['key']} "} for one in read]
    separators = (" , ", " :\t") if "spaced" in how else (",", ":") if "tight" in how else (", ", ": ")
    lines = [json.dumps(one, ensure_ascii="ascii" in how, separators=separators).encode() for one in read]
    if "shuffle" in how:
        rng.shuffle(lines)
    if "repeat" in how:
        lines += rng.choices(lines, k=3)
    if "blank" in how:
        lines.insert(rng.randrange(len(lines) + 1), rng.choice([b"", b"  ", b"\t"]))
    parts = [lines]
    if "split" in how and len(lines) > 1:
        middle = rng.randrange(1, len(lines))
        parts = [lines[:middle], lines[middle:]]
    stem = name.split(".jsonl")[0]
    del files[name]
    for number, part in enumerate(parts):
        new = f"{stem}{'-b' * number}.jsonl"
        content = (b"\r\n" if "crlf" in how else b"\n").join(part) + (b"" if "no end" in how else b"\n")
        if "members" in how:
            files[f"{new}.gz"] = b"".join(gzip.compress(line + b"\n", mtime=0) for line in part)
        else:
            files[f"{new}.gz" if "gz" in how else new] = gzip.compress(content) if "gz" in how else content
    if "empty beside" in how:
        files[f"{stem}-tom.jsonl"] = b""
    return f"{name}: {how}"


MANGLINGS: list[Mangling] = [
    of_bytes, of_bytes, of_bytes, of_bytes, of_encoding, of_files, of_csv, of_csv, of_csv, of_cells, of_cells, of_cells,
    of_parquet, of_parquet, of_parquet, of_messages, of_messages, of_messages, of_messages, of_topic,
]  # fmt: skip
HARMLESS: list[Mangling] = [same_csv, same_csv, same_composed, same_topic, same_topic]
