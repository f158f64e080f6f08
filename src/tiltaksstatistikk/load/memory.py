"""A database's memory of the extracts before: their times, the key, erased persons, and the runs that finished."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiltaksstatistikk.load.objects import TOPICS
from tiltaksstatistikk.load.values import quoted

# The loader's own log in the schema `drift`, made with it where dbt has not been.
LOG = "uttrekk_lastet (kilde varchar, uttrekk_tid timestamp, nokkel_avtrykk varchar)"


@dataclass(frozen=True)
class Memory:
    """The knowledge before an extract is loaded.

    Attributes:
        loaded: each source that was loaded, with its time.
        keys: fingerprints of the keys that it was loaded with.
        shown: the time of the latest extract that has been published; None before the first.
        finished: the times of the extracts that a run has finished with.
        topics: the topics of which something is known.
        erased: the persons that are erased.
    """

    loaded: frozenset[tuple[str, datetime]] = frozenset()
    keys: frozenset[str] = frozenset()
    shown: datetime | None = None
    finished: frozenset[datetime] = frozenset()
    topics: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()

    @property
    def latest(self) -> dict[str, datetime]:
        """The latest time of each source."""
        found: dict[str, datetime] = {}
        for kilde, time in self.loaded:
            found[kilde] = max(time, found.get(kilde, time))
        return found


def has_table(cursor: Any, database: str, schema: str, name: str) -> bool:
    """Whether a database has a table."""
    found = cursor.execute(
        "select 1 from information_schema.tables where table_catalog = ? and table_schema = ? and table_name = ?",
        [database, schema, name],
    )
    return found.fetchone() is not None


def read_memory(cursor: Any, database: str) -> Memory:
    """Return what a database knows; of one that is new, nothing."""

    def rows(schema: str, table: str, sql: str, end: str = "") -> list[tuple[Any, ...]]:
        if not has_table(cursor, database, schema, table):
            return []
        found: list[tuple[Any, ...]] = cursor.execute(
            f"{sql} from {quoted(database)}.{schema}.{table} {end}"
        ).fetchall()
        return found

    runs = rows("drift", "kjoring", "select uttrekk_tid, fullfort_flagg")
    log = rows("drift", "uttrekk_lastet", "select distinct kilde, uttrekk_tid, nokkel_avtrykk")
    return Memory(
        loaded=frozenset((kilde, time) for kilde, time, _ in log),
        keys=frozenset(key for _, _, key in log),
        shown=max((time for time, _ in runs), default=None),
        finished=frozenset(time for time, done in runs if done),
        topics=frozenset(topic.name for topic in TOPICS if rows("uttrekk", topic.name, "select 1", "limit 1") != []),
        erased=frozenset(person for (person,) in rows("drift", "slettet_person", "select person_id")),
    )
