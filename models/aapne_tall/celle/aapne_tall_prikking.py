"""Chooses which of the cells that may be shown are suppressed, by tiltaksstatistikk.aapne_tall.prikking."""

from tiltaksstatistikk.aapne_tall import prikking


def model(dbt, session):
    """Return the cells of the open numbers with `prikket_flagg`."""
    cells = dbt.ref("aapne_tall_celle").filter("aapen_flagg").project("* exclude (intern_flagg, aapen_flagg)")
    sums = dbt.ref("aapne_tall_sum")
    levels = dbt.ref("int_enhet_nivaa")
    return prikking.mark(session, cells, sums, levels, str(dbt.this), float(dbt.config.get("prikkegrense")))
