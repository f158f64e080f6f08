"""Facts that are taken from the world: the project's code lists, Nav's units, and the published national figures."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from math import log
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

from tiltaksstatistikk.generator.files import read_csv
from tiltaksstatistikk.project import ROOT

KODEVERK = ROOT / "seeds" / "kodeverk"
DATA = Path(__file__).with_name("data")


class Profile(NamedTuple):
    """How a tiltakstype behaves: its share of its tiltaksgruppe in the national figures, its length in days."""

    share: float
    days: int


#: The national figures are of groups of them; the shares within a group and the lengths are estimates.
PROFILES = {
    "ARBEIDSFORBEREDENDE_TRENING": Profile(1.0, 400),
    "ARBEIDSRETTET_REHABILITERING": Profile(1.0, 90),
    "AVKLARING": Profile(1.0, 80),
    "OPPFOLGING": Profile(0.88, 330),
    "DIGITALT_OPPFOLGINGSTILTAK": Profile(0.07, 50),
    "JOBBKLUBB": Profile(0.05, 50),
    "VARIG_TILRETTELAGT_ARBEID_SKJERMET": Profile(0.85, 1400),
    "GRUPPE_ARBEIDSMARKEDSOPPLAERING": Profile(0.22, 110),
    "ENKELTPLASS_ARBEIDSMARKEDSOPPLAERING": Profile(0.15, 150),
    "ARBEIDSMARKEDSOPPLAERING": Profile(0.08, 110),
    "ENKELTPLASS_FAG_OG_YRKESOPPLAERING": Profile(0.12, 400),
    "GRUPPE_FAG_OG_YRKESOPPLAERING": Profile(0.12, 300),
    "FAG_OG_YRKESOPPLAERING": Profile(0.08, 350),
    "HOYERE_UTDANNING": Profile(0.08, 500),
    "HOYERE_YRKESFAGLIG_UTDANNING": Profile(0.05, 400),
    "NORSKOPPLAERING_GRUNNLEGGENDE_FERDIGHETER_FOV": Profile(0.06, 200),
    "STUDIESPESIALISERING": Profile(0.04, 280),
    "ARBEIDSTRENING": Profile(1.0, 90),
    "MIDLERTIDIG_LONNSTLSKUDD": Profile(0.94, 270),
    "FIREARIG_LONNSTILSUDD": Profile(0.06, 500),
    "VARIG_LONNSTILSKUD": Profile(1.0, 1200),
    "MENTOR": Profile(0.6, 150),
    "INKLUDERINGSTILSKUD": Profile(0.4, 150),
    "SOMMERJOBB": Profile(0.5, 28),
    "VTAO": Profile(0.15, 1400),
}
OTHER_PROFILE = Profile(0.03, 150)

#: Their gjennomføringer go on for as long as the arrangør is approved.
FORHANDSGODKJENTE = ("ARBEIDSFORBEREDENDE_TRENING", "VARIG_TILRETTELAGT_ARBEID_SKJERMET")

#: The tiltak that every office offers. The first office of an extract offers these only, as the prototype's eight
#: tiltak; the others offer more (see `RegisterBuilder`).
CORE_TILTAK = (
    *("ARBEIDSFORBEREDENDE_TRENING", "ARBEIDSRETTET_REHABILITERING", "AVKLARING", "OPPFOLGING", "JOBBKLUBB"),
    *("VARIG_TILRETTELAGT_ARBEID_SKJERMET", "GRUPPE_ARBEIDSMARKEDSOPPLAERING"),
    "ENKELTPLASS_ARBEIDSMARKEDSOPPLAERING",
)


class Kodeverk:
    """The code lists, and what is drawn from Nav's published figures."""

    def __init__(self, taken_at: datetime) -> None:
        """Read the files of the repo; the mix of people is that of the twelve months before `taken_at`."""
        types = read_csv(KODEVERK / "kodeverk_tiltakstype.csv")
        self.tiltakstyper = {row["tiltakskode"]: row for row in types}
        #: The tiltakstyper of Komet's topic: all that Nav's tiltaksadministrasjon has, when they are in use.
        self.topic_koder = [
            kode
            for kode, row in self.tiltakstyper.items()
            if row["system_kode"] == "TILTAKSADMINISTRASJON" and row["livslop_navn"] != "under utvikling"
        ]
        #: The tiltakstyper of employers' topic, also one that is not yet in Valp's view.
        self.arbeidsgiver_koder = [
            kode for kode, row in self.tiltakstyper.items() if row["system_kode"] == "TILTAK_ARBEIDSGIVER"
        ]
        statuses = read_csv(KODEVERK / "kodeverk_deltakerstatus.csv")
        self.status_navn = {row["status_kode"]: row["status_navn"] for row in statuses}
        reasons = read_csv(KODEVERK / "kodeverk_deltakeraarsak.csv")
        self.aarsak_navn = {row["aarsak_kode"]: row["aarsak_navn"] for row in reasons}
        self.lovlige_aarsaker: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in read_csv(KODEVERK / "kodeverk_lovlig_aarsak.csv"):
            self.lovlige_aarsaker[row["status_kode"], "ARENA"].append(row["aarsak_kode"])
            if row["satt_av_beskrivelse"] != "Arena-import":
                self.lovlige_aarsaker[row["status_kode"], "KOMET"].append(row["aarsak_kode"])
        self.enheter = list(read_csv(DATA / "nav_enheter.csv"))

        stock: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        totals: dict[str, int] = defaultdict(int)
        for row in read_csv(DATA / "nasjonale_tall_tiltaksgruppe.csv"):
            stock[row["tiltaksgruppe"]][int(row["maaned"][5:])].append(int(row["antall_personer"]))
            totals[row["maaned"]] += int(row["antall_personer"])
        #: How many people take part at a time, on average.
        self.active = sum(totals.values()) / len(totals)
        groups = {
            row["tiltaksgruppe_kode"]: row["tiltaksgruppe_navn"]
            for row in read_csv(KODEVERK / "kodeverk_tiltaksgruppe.csv")
        }
        self._group = {kode: groups[row["tiltaksgruppe_kode"]] for kode, row in self.tiltakstyper.items()}
        self._stock = {
            group: {month: sum(numbers) / len(numbers) for month, numbers in months.items()}
            for group, months in stock.items()
        }
        #: The relative number of people who start a month: the stock divided by the length.
        self.inflow = {
            kode: self._mean_stock(kode) * self.profile(kode).share / min(self.profile(kode).days, 700)
            for kode in (*self.topic_koder, *self.arbeidsgiver_koder)
        }
        this_month = f"{taken_at:%Y-%m}"
        months = sorted(read_csv(DATA / "nasjonale_tall_malgruppe.csv"), key=lambda row: row["maaned"])
        mix: dict[str, int] = defaultdict(int)
        for row in [row for row in months if row["maaned"] < this_month][-48:]:
            mix[row["maalgruppe"]] += int(row["antall_personer_slutten_av_maaned"])
        everybody = mix.pop("I alt (summert)")
        self.maalgruppe_andel = {name: number / everybody for name, number in mix.items()}

    def profile(self, kode: str) -> Profile:
        """Return how a tiltakstype behaves."""
        return PROFILES.get(kode, OTHER_PROFILE)

    def opplaering(self, kode: str) -> bool:
        """Return whether the tiltakstype is opplæring, which always ends with FULLFORT or AVBRUTT."""
        return self.tiltakstyper[kode]["gruppe_kode"] == "OPPLAERING"

    def course(self, kode: str) -> bool:
        """Return whether people mostly start together, and end together."""
        return self.opplaering(kode) or kode == "JOBBKLUBB"

    def season(self, kode: str, month: int) -> float:
        """Return a month's inflow, relative to an average month; squared, as the stock moves more slowly.

        A month that the figures leave out has none.
        """
        return (self._stock[self._group[kode]].get(month, 0.0) / self._mean_stock(kode)) ** 2

    def starts(self, kode: str, days: float) -> list[float]:
        """Return each month's relative inflow, January first, by which the stock follows the national figures.

        `days` is the length of a participation. The inflow is what gives such a stock when people stay for about
        that long; found by Richardson's and Lucy's method, which never gives a negative one.
        """
        months = self._stock[self._group[kode]]
        stock = [months.get(month, 1.0) for month in range(1, 13)]
        stays = NormalDist(log(days) - 0.1, 0.5)
        left = [sum(1 - stays.cdf(log(30.4 * (12 * year + lag + 0.5))) for year in range(4)) for lag in range(12)]
        inflow = [1.0] * 12
        for _ in range(50):
            made = [sum(left[lag] * inflow[month - lag] for lag in range(12)) for month in range(12)]
            ratio = [wanted / given for wanted, given in zip(stock, made, strict=True)]
            inflow = [
                inflow[month] * sum(left[lag] * ratio[(month + lag) % 12] for lag in range(12)) / sum(left)
                for month in range(12)
            ]
        return inflow

    def _mean_stock(self, kode: str) -> float:
        months = self._stock[self._group[kode]]
        return sum(months.values()) / len(months)
