"""Three questions, drawn from eksport/intern. Open it with

uv run --group notatbok marimo edit notebooks/uker.py
"""

import marimo

app = marimo.App(width="medium", app_title="Tre spørsmål til tallene")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    intern = (Path(os.environ.get("TILTAK_EKSPORT") or "eksport") / "intern").resolve()
    marter = duckdb.connect()
    for path in intern.glob("*.parquet"):
        marter.read_parquet(str(path)).create_view(path.stem)
    return alt, marter, mo


@app.cell
def _(marter, mo):
    kontorer = dict(
        marter.sql("""
            select enhet_navn, enhetsnummer from dim_nav_enhet
            where enhetsnummer in (select enhetsnummer from fak_tiltaksdeltakelse_uke)
            order by enhet_navn
        """).fetchall()
    )
    kontor = mo.ui.dropdown(kontorer, value=next(iter(kontorer)), label="Kontor")
    mo.vstack([mo.md("# Tre spørsmål til tallene\nKun til intern bruk: nøyaktige tall, også de små."), kontor])
    return (kontor,)


@app.cell
def _(alt, kontor, marter, mo):
    uker = (
        marter.execute(
            """
        select uke_start_dato, tiltaksgruppe_navn, person_antall
        from obt_deltakelse_uke_totaler
        where enhet_nivaa_kode = 'KONTOR' and gruppering_kode = 'TILTAKSGRUPPE' and enhetsnummer = ?
        """,
            [kontor.value],
        )
        .arrow()
        .read_all()
    )
    uke_for_uke = (
        alt.Chart(uker)
        .mark_line()
        .encode(
            x=alt.X("uke_start_dato:T", title=None),
            y=alt.Y("person_antall:Q", title="Personer på tiltak"),
            color=alt.Color("tiltaksgruppe_navn:N", title="Tiltaksgruppe"),
        )
        .properties(width=600, height=300)
    )
    mo.vstack([mo.md("## Hvor mange er på tiltak, uke for uke?"), uke_for_uke])
    return


@app.cell
def _(alt, kontor, marter, mo):
    venter = (
        marter.execute(
            """
        select tiltakstype_navn, person_antall, ventedager_median, ventedager_maks
        from obt_venteliste_uke
        where
            enhet_nivaa_kode = 'KONTOR' and gruppering_kode = 'TILTAKSTYPE' and enhetsnummer = ?
            and uke_start_dato = (select max(uke_start_dato) from dim_uke)
        """,
            [kontor.value],
        )
        .arrow()
        .read_all()
    )
    lengst = (
        alt.Chart(venter)
        .mark_bar()
        .encode(
            x=alt.X("ventedager_median:Q", title="Dager ventet (median)"),
            y=alt.Y("tiltakstype_navn:N", title=None, sort="-x"),
            tooltip=["person_antall", "ventedager_maks"],
        )
        .properties(width=600)
    )
    mo.vstack([mo.md("## Hvem venter lengst?"), lengst])
    return


@app.cell
def _(alt, kontor, marter, mo):
    plasser = (
        marter.execute(
            """
        unpivot (
            select
                tiltakstype_navn,
                plass_antall - plass_fra_andre_antall as "egne deltakere",
                plass_fra_andre_antall as "andres deltakere"
            from obt_kapasitet_uke
            where enhetsnummer = ? and uke_start_dato = (select max(uke_start_dato) from dim_uke)
        ) on "egne deltakere", "andres deltakere" into name bruker value plass_antall
        """,
            [kontor.value],
        )
        .arrow()
        .read_all()
    )
    hvem_bruker = (
        alt.Chart(plasser)
        .mark_bar()
        .encode(
            x=alt.X("plass_antall:Q", title="Plasser i bruk"),
            y=alt.Y("tiltakstype_navn:N", title=None, sort="-x"),
            color=alt.Color("bruker:N", title="Brukt av"),
        )
        .properties(width=600)
    )
    mo.vstack([mo.md("## Hvem bruker plassene?"), hvem_bruker])
    return


if __name__ == "__main__":
    app.run()
