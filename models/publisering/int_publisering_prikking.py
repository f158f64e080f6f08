"""Which of the cells that may be published are suppressed. The method is in plugins/prikking.py, the rules for what is small in int_publisering_celle."""

import prikking


def model(dbt, session):
    """Return the cells of int_publisering_celle with `prikket_flagg`. Weeks where nothing has changed since the last run stay as they were."""
    dbt.config(materialized="table")
    cells = dbt.ref("int_publisering_celle")
    levels = dbt.ref("int_enhet_nivaa")
    return prikking.mark(session, cells, levels, str(dbt.this), float(dbt.config.get("prikkegrense")))
