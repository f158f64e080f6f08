-- The row of this run in kjoring is written after what it publishes (record_run), so that this must wait for it.
-- depends_on: {{ ref('fak_tiltaksdeltakelse_uke_publisert') }}
with

kjoring as (
    select
        max(uttrekk_tid) as uttrekk_tid,
        max(publisert_tid) as publisert_tid
    from {{ ref('stg_drift__kjoring') }}
),

om_tallene as (
    select
        uttrekk_tid,
        publisert_tid,
        '{{ var("aapen_metode") | upper }}' as metode_kode,
        cast({{ var('prikkegrense') }} as {{ type_name('integer') }}) as prikkegrense
    from kjoring
)

select * from om_tallene
