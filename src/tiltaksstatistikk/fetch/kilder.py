"""Where each file of an extract comes from: `kilder.yml`, checked before anything is fetched.

Everything that is missing is told at once. Secrets are in the environment, never in the file.
"""

import glob
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tiltaksstatistikk.load.checks import Refused
from tiltaksstatistikk.load.extract import Extract
from tiltaksstatistikk.load.objects import OBJECTS, TABLES, UTTREKK, Table, Topic

SCHEMA = Path(__file__).with_name("kilder.schema.json")
WAYS = ("bigquery", "sporring", "kafka", "http", "fil")
# Certificates of Nais: all three, or none for brokers without TLS.
KAFKA_BROKERS = "KAFKA_BROKERS"
KAFKA_FILES = {
    "KAFKA_CA_PATH": "ssl.ca.location",
    "KAFKA_CERTIFICATE_PATH": "ssl.certificate.location",
    "KAFKA_PRIVATE_KEY_PATH": "ssl.key.location",
}


@dataclass(frozen=True)
class Kilde:
    """A source.

    Attributes:
        source: the file of the contract.
        settings: what kilder.yml says of it.
    """

    source: Table | Topic
    settings: Mapping[str, Any]

    @property
    def way(self) -> str:
        """How it is fetched, one of `WAYS`."""
        return next(way for way in WAYS if way in self.settings)

    @property
    def where(self) -> str:
        """The view, topic, address or path; the query itself when it is one."""
        return str(self.settings[self.way])

    @property
    def columns(self) -> dict[str, str]:
        """The source's name of each column, by the contract's."""
        named = self.settings.get("kolonner", {})
        return {name: str(named.get(name, name)) for name in self.source.file_columns}

    @property
    def files(self) -> list[str]:
        """The paths that a source of files names, in order."""
        return [self.where] if Path(self.where).is_file() else sorted(glob.glob(self.where))

    @property
    def headers(self) -> dict[str, str]:
        """The headers of a request, with their secrets."""
        return {name: os.environ[variable] for name, variable in self.settings.get("hoder", {}).items()}


def read_kilder(path: Path) -> list[Kilde]:
    """Return the sources in the order of the contract.

    Args:
        path: kilder.yml.

    Raises:
        Refused: the file cannot be used. The text has a line for each thing that is wrong or missing.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(f"The file {path} cannot be read: {error.strerror}. Name the file of sources.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        at = getattr(error, "problem_mark", None)
        raise Refused(f"The file {path} is not YAML in UTF-8{f' (line {at.line + 1})' if at else ''}.") from None
    wrong = list(of_the_schema(content))
    found: list[Kilde] = []
    if not wrong:
        by_name = {source.file: source for source in OBJECTS if source is not UTTREKK}
        for name in content["kilder"]:
            if name not in by_name:
                wrong.append(f"{name}: there is no such file. The files are {', '.join(by_name)}.")
        found = [
            Kilde(source, content["kilder"][name]) for name, source in by_name.items() if name in content["kilder"]
        ]
        wrong += [text for kilde in found for text in of_one(kilde)] + list(of_all(found)) + list(of_environment(found))
    if wrong:
        raise Refused(f"{path} cannot be used. Nothing was fetched.\n" + "\n".join(f"- {text}" for text in wrong))
    return found


def of_the_schema(content: Any) -> Iterator[str]:
    """The form of the file, as the JSON schema beside this module has it."""
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for error in sorted(validator.iter_errors(content), key=lambda error: error.json_path):
        where = ".".join(str(part) for part in error.absolute_path) or "the file"
        # jsonschema's own sentences quote what is there, which may be a secret.
        if error.validator == "oneOf":
            yield f"{where}: give exactly one of {', '.join(WAYS)}."
        elif error.validator == "additionalProperties":
            unknown = set(error.instance) - set(error.schema["properties"])
            yield f"{where}: {', '.join(sorted(map(str, unknown)))} is not known. See {SCHEMA.name}."
        elif error.validator == "required":
            yield f"{where}: {', '.join(error.validator_value)} is missing."
        else:
            yield f"{where}: it does not have the form of {SCHEMA.name} ({error.validator} {error.validator_value})."


def of_one(kilde: Kilde) -> Iterator[str]:
    """A source can be fetched in that way, and names columns of the contract."""
    name, is_topic = kilde.source.file, isinstance(kilde.source, Topic)
    if is_topic and kilde.way not in ("kafka", "fil"):
        yield f"{name}: it is a topic, which comes by kafka or fil, and not by {kilde.way}."
    if not is_topic and kilde.way == "kafka":
        yield f"{name}: it is a table, which comes by bigquery, sporring, http or fil, and not by kafka."
    if unknown := set(kilde.settings.get("kolonner", {})) - set(kilde.source.file_columns):
        yield (
            f"{name}: kolonner names {', '.join(sorted(unknown))}, which the file does not have. "
            f"Its columns are {', '.join(kilde.source.file_columns)}."
        )
    if kilde.way != "fil":
        return
    if not kilde.files:
        yield f"{name}: there is no file {kilde.where}."
    elif not is_topic and len(kilde.files) > 1:
        yield f"{name}: {kilde.where} is {len(kilde.files)} files. A table is one."
    endings = (".jsonl", ".jsonl.gz") if is_topic else (".csv", ".parquet")
    for path in kilde.files:
        if not path.endswith(endings):
            yield f"{name}: {path} is not called {' or '.join(endings)}."


def of_all(found: list[Kilde]) -> Iterator[str]:
    """Every file that an extract must have has a source, and of two forms of the same there is one."""
    names = {kilde.source.file for kilde in found}
    for source in OBJECTS:
        if not source.optional and source is not UTTREKK and source.file not in names:
            yield f"{source.file}: it has no source."
    for table in TABLES:
        if table.instead_of and (table.file in names) == (table.instead_of in names):
            both = "both" if table.file in names else "neither"
            yield f"{table.instead_of}, {table.file}: {both} has a source. They are two forms of the same: give one."


def of_environment(found: list[Kilde]) -> Iterator[str]:
    """The key and the secrets are in the environment."""
    if not os.environ.get("PSEUDONYM_NOKKEL"):
        yield "PSEUDONYM_NOKKEL: it is not set. Idents become pseudonyms with this key on the way."
    if any(kilde.way == "kafka" for kilde in found):
        if not os.environ.get(KAFKA_BROKERS):
            yield f"{KAFKA_BROKERS}: it is not set. It has the brokers' addresses, with commas."
        given = [name for name in KAFKA_FILES if os.environ.get(name)]
        for name in KAFKA_FILES:
            if given and name not in given:
                yield f"{name}: it is not set, and {given[0]} is. Set all of {', '.join(KAFKA_FILES)}, or none."
            elif given and not Path(os.environ[name]).is_file():
                yield f"{name}: there is no such file."
    for kilde in found:
        for header, variable in kilde.settings.get("hoder", {}).items():
            if not os.environ.get(variable):
                yield f"{variable}: it is not set. {kilde.source.file} is asked for with it, in the header {header}."


def as_extract(kilde: Kilde) -> Extract:
    """Return the folder of a source of files as an extract, for the loader's checks."""
    return Extract(str(Path(kilde.files[0]).parent))
