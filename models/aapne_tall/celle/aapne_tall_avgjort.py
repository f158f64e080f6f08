"""Decides which of the cells that may be shown are suppressed, by tiltaksstatistikk.aapne_tall.prikking."""

from tiltaksstatistikk.aapne_tall import prikking


def model(dbt, session):
    """Return the weeks that are decided in this run. The others are as they were."""
    weeks = dbt.ref("aapne_tall_uke")
    cells = dbt.ref("aapne_tall_celle").filter("aapen_flagg")
    sums = dbt.ref("aapne_tall_sum")
    before = session.table(str(dbt.this)) if dbt.is_incremental else None
    return prikking.decide(session, weeks, cells, sums, before, float(dbt.config.get("prikkegrense")))
