"""The contract of an extract (specification 2 and 9): its files, their columns, and what each column is.

To add a column from a source, add it here, and under the source in `models/staging/`.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column of a table, or a field of a topic's message.

    Attributes:
        name: the column in the file; of a topic the JSON path in the line.
        kind: what it is, a name in `values.KINDS`.
        to: the column in the clean table; empty when it is only looked at: a time that is present can be read or is
            a fault, also where nobody uses it.
        optional: whether a file may lack it.
    """

    name: str
    kind: str
    to: str
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """A source that comes as a table: `<file>.csv` or `<file>.parquet`.

    Attributes:
        name: the clean table in the schema `uttrekk`.
        columns: in the order of the file.
        optional: whether an extract may be without it.
        instead_of: the file of the topic that it stands in the place of, if it does.
        dated: whether a history is dated by its time in `uttrekk`, which then has exactly one.
        people: the clean table of the persons in a column of kind `list`, with the column that names the row.
    """

    name: str
    columns: tuple[Column, ...]
    optional: bool = False
    instead_of: str | None = None
    dated: bool = False
    people: tuple[str, str] | None = None

    @property
    def persons(self) -> list[str]:
        """The columns of the file that hold the ident of a person."""
        return [column.name for column in self.columns if column.kind == "person"]

    @property
    def file(self) -> str:
        """The name that the file begins with, and that `uttrekk` and `avvik` call the source by."""
        return self.name

    @property
    def file_columns(self) -> dict[str, bool]:
        """The columns of the file, each with whether it may be missing."""
        return {column.name: column.optional for column in self.columns}


@dataclass(frozen=True)
class Topic:
    """A source that comes as a topic: `<file>*.jsonl[.gz]`, one message a line; as a seed `<name>.csv`.

    Attributes:
        name: the clean table in the schema `uttrekk`.
        file: what the names of its files begin with.
        fields: what is kept of a message's value. Nothing else of it is ever stored.
        shares: the clean table of the message's deltakelsesmengder, and their path; None when it has none.
    """

    name: str
    file: str
    fields: tuple[Column, ...]
    shares: tuple[str, str] | None = None
    optional: bool = field(default=True, init=False)

    @property
    def kept(self) -> tuple[Column, ...]:
        """The fields that are in the clean table."""
        return tuple(column for column in self.fields if column.to)

    @property
    def file_columns(self) -> dict[str, bool]:
        """The columns of the topic as a seed."""
        return {"melding": False}


def columns(*texts: str) -> tuple[Column, ...]:
    """Return columns written as `name kind`, or `name kind to`, with `?` after a name that may be missing.

    `name kind -` is one that is only looked at.
    """
    found = []
    for text in texts:
        named, kind, *to = text.split()
        name = named.removesuffix("?")
        found.append(Column(name, kind, (to or [name])[0].removeprefix("-"), optional=named != name))
    return tuple(found)


UTTREKK = Table("uttrekk", columns("kilde text", "uttrekk_tidspunkt time", "omfang? text", "nokkel_avtrykk? text"))

KOMET = Topic(
    "amt_deltaker_ekstern_v1",
    "amt.deltaker-ekstern-v1",
    columns(
        "$.value.personIdent person person_id",
        "$.value.gjennomforingId id gjennomforing_id",
        "$.value.status.type message_code status",
        "$.value.status.aarsak.type message_code aarsak",
        "$.value.startDato date start_dato",
        "$.value.sluttDato date slutt_dato",
        "$.value.status.opprettetTidspunkt time status_opprettet_tidspunkt",
        "$.value.registrertTidspunkt time registrert_tidspunkt",
        "$.value.endretTidspunkt time -",
        "$.value.navVeileder.enhetsnummer message_code nav_veileder_enhetsnummer",
    ),
    shares=("amt_deltaker_ekstern_v1_deltakelsesmengde", "$.value.deltakelsesmengder"),
)

TABLES = (
    UTTREKK,
    Table(
        "gjennomforing_view",
        columns(
            "id id", "tiltakstype_id id", "avtale_id id", "tiltaksnummer code", "start_dato utc_date",
            "slutt_dato utc_date", "status code", "opprettet_tidspunkt utc", "oppdatert_tidspunkt utc",
            "avsluttet_tidspunkt utc",
        ),
    ),
    Table("tiltakstype_view", columns("id id", "navn name", "tiltakskode code", "arena_tiltakskode code")),
    Table("gjennomforing_nav_enhet_view", columns("gjennomforing_id id", "enhetsnummer enhet")),
    Table(
        "avtale_view",
        columns(
            "id id", "tiltakstype_id id", "start_dato utc_date", "slutt_dato utc_date", "status code",
            "avtaletype code", "opprettet_tidspunkt utc", "oppdatert_tidspunkt utc", "avbrutt_tidspunkt utc",
        ),
    ),
    Table(
        "amt_tiltak_datastream_amttiltak_deltaker_siste_status_view",
        columns(
            "person_ident person person_id", "id id", "bruker_id id", "gjennomforing_id id", "start_dato date",
            "slutt_dato date", "status code",
        ),
        optional=True,
        instead_of=KOMET.file,
    ),
    Table(
        "vent_person_periode_v",
        columns(
            "person_ident person person_id", "periode code", "periode month periode_dato", "innsatsgruppe code",
            "nav_kontor enhet",
        ),
    ),
    Table(
        "oppfolgingsbruker",
        columns(
            "person_ident person person_id", "enhetsnummer enhet", "kvalifiseringsgruppe code", "diskresjonskode code",
            "sperret_ansatt flag", "sist_endret_tidspunkt time",
        ),
        dated=True,
    ),
    Table(
        "siste_tilordnet_veileder",
        columns("person_ident person person_id", "veileder_ident veileder veileder_id", "tilordnet_tidspunkt time"),
        dated=True,
    ),
    Table(
        "veiledergruppe",
        columns(
            "filter_id id", "enhetsnummer enhet", "filter_navn name", "veileder_identer list veiledere",
            "opprettet_tidspunkt time", "sist_endret_tidspunkt time",
        ),
        dated=True,
        people=("veiledergruppe_veileder", "filter_id"),
    ),
    # Persons who have another ident now than before.
    Table(
        "person_ident_historikk",
        columns("person_ident person person_id", "gjeldende_person_ident person gjeldende_person_id"),
        optional=True,
    ),
    Table("veiledergruppe_avdeling", columns("enhetsnummer enhet", "filter_navn name", "avdeling name")),
    # Offices that have been merged or renumbered.
    Table(
        "nav_enhet_arvtaker",
        columns("enhetsnummer enhet", "arvtaker_enhetsnummer enhet", "gyldig_fra_dato date"),
        optional=True,
    ),
    Table(
        "nav_enhet",
        columns("enhetsnummer enhet", "navn name", "type code", "overordnet_enhetsnummer enhet", "status code"),
    ),
)  # fmt: skip

TOPICS = (
    KOMET,
    Topic(
        "arbeidsgiver_tiltak_avtale_hendelse_compact",
        "arbeidsgiver.tiltak-avtale-hendelse-compact",
        columns(
            "$.value.deltakerFnr person person_id",
            "$.value.avtaleStatus message_code avtale_status",
            "$.value.tiltakstype message_code tiltakstype",
            "$.value.enhetOppfolging message_code enhet_oppfolging",
            "$.value.startDato date start_dato",
            "$.value.sluttDato date slutt_dato",
            '$.value."avtaleInngått" time avtale_inngatt',
            "$.value.annullertTidspunkt time annullert_tidspunkt",
            "$.value.stillingprosent percent stillingprosent",
            "$.value.feilregistrert true feilregistrert",
            "$.value.opprettetTidspunkt time -",
            "$.value.sistEndret time -",
        ),
    ),
)

OBJECTS: tuple[Table | Topic, ...] = (*TABLES, *TOPICS)


def other_form(topic: Topic) -> Table | None:
    """Return the table that may stand in a topic's place."""
    return next((table for table in TABLES if table.instead_of == topic.file), None)
