"""An extract: a folder of files, each found once, and the times that its file `uttrekk` gives them."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import duckdb

from tiltaksstatistikk.load import files, values
from tiltaksstatistikk.load.objects import OBJECTS, UTTREKK, Table, Topic
from tiltaksstatistikk.project import ROOT

SEEDS = ROOT / "seeds" / "uttrekk"


@dataclass(frozen=True)
class Taken:
    """A row of the file `uttrekk`, about one source.

    Attributes:
        kilde: the source; None when the row does not say.
        time: the earliest of its times, in Oslo; None when none can be read.
        times: how many different ones there are.
        unreadable: how many rows have none that can be read.
        scope: `full`, `endring`, or what else it says; None when it says nothing.
        scopes: how many different ones there are.
        keys: the fingerprints of the keys that its idents are pseudonyms with already; none when they are idents.
    """

    kilde: str | None
    time: datetime | None
    times: int
    unreadable: int
    scope: str | None
    scopes: int
    keys: list[str]


@dataclass
class Extract:
    """The extract in a folder, or the project's own seeds.

    Attributes:
        folder: the folder as it was given, without a slash at its end.
        is_seeds: whether it is the project's seeds, where a topic is a table with the column `melding`.
        states: the size and time of each file when it was checked.
    """

    folder: str
    is_seeds: bool = False
    states: dict[str, tuple[int, int]] = field(default_factory=dict)

    @staticmethod
    def named() -> "Extract":
        """Return the extract that UTTREKK_MAPPE names, else the seeds."""
        folder = os.environ.get("UTTREKK_MAPPE", "")
        return Extract(folder.rstrip("/") or "/") if folder else Extract(str(SEEDS), is_seeds=True)

    @cached_property
    def names(self) -> list[str]:
        """The names of the folder's files, in order; none when there is no such folder."""
        if not Path(self.folder).is_dir():
            return []
        return sorted(name for name in os.listdir(self.folder) if not name.startswith("."))

    def files(self, source: Table | Topic) -> list[str]:
        """Return the paths of a source's files, in order."""
        if isinstance(source, Table) or self.is_seeds:
            found = [source.name + ending for ending in files.TABLE_ENDINGS if source.name + ending in self.names]
        else:
            found = [
                name
                for ending in files.TOPIC_ENDINGS
                for name in self.names
                if name.startswith(source.file) and name.endswith(ending)
            ]
        return [f"{self.folder}/{name}" for name in found]

    def not_read(self) -> list[str]:
        """Return the names of files that look as if they held a source, in a form or spelling that is not read."""
        read = {file_name(path) for path in self.all_files()}
        found = []
        for name in self.names:
            stem = files.LOOKS_LIKE_DATA.sub("", name)
            is_source = any(
                stem.lower() == source.file if isinstance(source, Table) else stem.lower().startswith(source.file)
                for source in OBJECTS
            )
            if stem != name and is_source and name not in read:
                found.append(name)
        return [] if self.is_seeds else found

    def all_files(self) -> list[str]:
        """Return the paths of every file that is read."""
        return [path for source in OBJECTS for path in self.files(source)]

    def changed(self) -> str | None:
        """Return the first file that is another than when it was found to be whole, or that has come since; or None."""
        there_now = Extract(self.folder, self.is_seeds).all_files()
        paths = dict.fromkeys([*self.states, *there_now])
        return next((path for path in paths if self.states.get(path) != files.file_state(path)), None)

    @cached_property
    def taken(self) -> list[Taken]:
        """What `uttrekk` says, a row for each source. A source in several files was taken when the first of them was.

        The file must have been found to be whole, with its columns.
        """
        path = self.files(UTTREKK)[0]
        names = list(UTTREKK.file_columns)
        texts = ", ".join(f"{sql} as {name}" for name, sql in files.column_texts(path, names, []).items())
        with duckdb.connect() as connection:
            values.prepare(connection)
            rows = connection.execute(
                rf"""
                with lest as (
                    select
                        regexp_replace(trim(kilde), '\*?\.(csv|parquet|jsonl)(\.gz)?$', '') as kilde,
                        uttrekk_tidspunkt as tidspunkt,
                        {values.time(values.trimmed("uttrekk_tidspunkt"))} as tid,
                        lower(nullif(trim(omfang), '')) as omfang,
                        nullif(trim(nokkel_avtrykk), '') as nokkel_avtrykk
                    from ({files.reader(path, texts, names)})
                )
                select {values.code("kilde")} as kilde, min(tid),
                    count(distinct coalesce(cast(tid as varchar), tidspunkt)), count(*) - count(tid), max(omfang),
                    count(distinct coalesce(omfang, 'full')),
                    coalesce(list(distinct nokkel_avtrykk) filter (nokkel_avtrykk is not null), [])
                from lest group by all order by 1
                """
            ).fetchall()
        return [Taken(*row) for row in rows]

    def time_of(self, kilde: str) -> datetime | None:
        """Return when a source was taken, or the whole extract when `uttrekk` does not say."""
        known = {taken.kilde: taken.time for taken in self.taken}
        return known.get(kilde) or self.earliest

    @property
    def earliest(self) -> datetime | None:
        """When the first of its files was taken: the extract's own time (specification 2)."""
        return min((taken.time for taken in self.taken if taken.time), default=None)

    def scope_of(self, topic: Topic) -> str:
        """Return `full` or `endring`: whether a topic's files hold all of it, or what is new."""
        return next((taken.scope for taken in self.taken if taken.kilde == topic.file and taken.scope), "full")


def file_name(path: str) -> str:
    """Return the name of a file, without its folder."""
    return path.rpartition("/")[2]
