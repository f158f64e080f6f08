"""What of an extract may lie on a disk before it is loaded: each text in a form without an ident (specification 8).

Loading it gives the same as loading what it was made of, with the same key. A person, and what cannot be read, is a
marked pseudonym (`values.marked`). Nothing but the fields of the contract is in it: a message is built anew of them.
"""

from collections.abc import Callable

from tiltaksstatistikk.load.objects import Column, Topic
from tiltaksstatistikk.load.values import (
    KINDS,
    OSLO,
    date,
    has_ident,
    identifier,
    marked,
    percent,
    sql_text,
    time,
    trimmed,
)

SHARE_FIELDS: dict[str, Callable[[str], str]] = {
    "gyldigFraDato": date,
    "opprettetTidspunkt": time,
    "deltakelsesprosent": percent,
}
# A time of this form and length has no room for the digits of an ident.
ROOM = 31


def safe_text(kind: str, text: str) -> str:
    """Return the SQL of a trimmed text as it may lie on a disk; null is null.

    Args:
        kind: the column's, a name in `values.KINDS`.
        text: the SQL of the text.
    """
    if kind in ("person", "veileder"):
        return marked(text)
    if kind == "id":
        return identifier(text, marked)
    if kind == "list":
        return safe_list(text)
    if kind == "true":
        return f"case when {KINDS[kind].sql(text)} then 'true' end"
    if KINDS[kind].comparable or kind == "text":
        return KINDS[kind].sql(text)
    return readable(text, KINDS[kind].sql(text), KINDS[kind].type)


def readable(text: str, value: str, kind: str) -> str:
    """Return the SQL of a text that has a value: as it is, or as its value when it has the digits of an ident in it.

    Args:
        text: the SQL of the text.
        value: the SQL of its value.
        kind: the value's type.
    """
    plain = f"cast({value} as varchar)"
    if kind == "timestamp":
        plain = f"strftime(timezone('UTC', timezone('{OSLO}', {value})), '%Y-%m-%dT%H:%M:%S.%fZ')"
    without = f"(substr({text}, 5, 1) = '-' and length({text}) < {ROOM}) or not {has_ident(text)}"
    return f"case when {value} is null then {marked(text)} when {without} then {text} else {plain} end"


def safe_list(text: str) -> str:
    """Return the SQL of a JSON list of veiledere as one of their pseudonyms; of what is no such list, a pseudonym."""
    found = KINDS["list"].sql(text)
    each = f"list_transform({found}, lambda ident: {marked(trimmed('ident'))})"
    return f"case when {found} is null then {marked(text)} else cast(to_json({each}) as varchar) end"


def safe_columns(columns: tuple[Column, ...], texts: dict[str, str]) -> dict[str, str]:
    """Return the SQL of each column of a file, by its name. One that is read in two ways is written in the first.

    Args:
        columns: of the contract.
        texts: the SQL of each as text.
    """
    kinds = {column.name: column.kind for column in reversed(columns)}
    return {name: safe_text(kind, trimmed(texts[name])) for name, kind in kinds.items()}


def safe_lines(topic: Topic, source: str) -> str:
    """Return the SQL query of a topic's messages as lines of JSON, `linje`, with nothing but what the loader reads.

    Args:
        topic: which topic.
        source: the SQL query of the messages: `sted` (a struct of numbers: the place in the topic), `nokkel` and
            `verdi` as texts; `verdi` is JSON, or null for a tombstone.
    """
    paths = [sql_text(path_in_value(column.name)) for column in topic.fields]
    fields = {path_in_value(column.name): f"tekst_{number}" for number, column in enumerate(topic.fields)}
    if topic.shares:
        fields[path_in_value(topic.shares[1])] = "mengder"
    trimmed_texts = [trimmed(f"tekster[{number}]") for number, _ in enumerate(paths, start=1)]
    shares = f"json_extract(verdi, {sql_text(path_in_value(topic.shares[1]))})" if topic.shares else "null"
    texts = ", ".join(f"{sql} as lest_{number}" for number, sql in enumerate(trimmed_texts))
    safe = ", ".join(
        f"{safe_text(column.kind, f'lest_{number}')} as tekst_{number}" for number, column in enumerate(topic.fields)
    )
    return f"""
        select cast(json_object(
            'partition', sted.partition, 'offset', sted.offset, 'timestamp', sted.timestamp,
            'key', {identifier("nokkel", marked)},
            'value', case type when 'OBJECT' then {as_object(fields)} when 'NULL' then cast('null' as json)
                else cast('"(ikke et objekt)"' as json) end
        ) as varchar) as linje
        from (
            select sted, nokkel, type, {safe}, {safe_shares("liste") if topic.shares else "null"} as mengder
            from (
                select sted, nokkel, type, {texts}, {shares} as liste
                from (
                    select sted, {trimmed("nokkel")} as nokkel, coalesce(json_type(verdi), 'NULL') as type, verdi,
                        json_extract_string(verdi, [{", ".join(paths)}]) as tekster
                    from ({source})
                )
            )
        )
        """


def path_in_value(path: str) -> str:
    """Return the JSON path of a field from the message's value."""
    return "$" + path.removeprefix("$.value")


def as_object(fields: dict[str, str]) -> str:
    """Return the SQL of a JSON object.

    Args:
        fields: the SQL of each value, by its path.
    """
    inner: dict[str, dict[str, str]] = {}
    for path, sql in fields.items():
        name, _, rest = path.removeprefix("$.").partition(".")
        inner.setdefault(name.strip('"'), {})["$." + rest if rest else ""] = sql
    members = [f"{sql_text(name)}, {of.get('') or as_object(of)}" for name, of in inner.items()]
    return f"json_object({', '.join(members)})"


def safe_shares(shares: str) -> str:
    """Return the SQL of a message's deltakelsesmengder as JSON. What is no list is a text, and null is null."""
    paths = ", ".join(sql_text(f"$.{name}") for name in SHARE_FIELDS)
    read = f"list_transform(json_extract({shares}, '$[*]'), lambda mengde: json_extract_string(mengde, [{paths}]))"
    clean = f"list_transform({read}, lambda lest: list_transform(lest, lambda tekst: {trimmed('tekst')}))"
    fields = []
    for number, (name, value) in enumerate(SHARE_FIELDS.items(), start=1):
        text = f"felt[{number}]"
        fields.append(f"'{name}', {readable(text, value(text), 'timestamp' if value is time else 'other')}")
    each = f"list_transform({clean}, lambda felt: json_object({', '.join(fields)}))"
    return (
        f"case json_type({shares}) when 'ARRAY' then to_json({each}) when 'NULL' then null "
        f"else case when {shares} is not null then cast('\"(ikke en liste)\"' as json) end end"
    )
