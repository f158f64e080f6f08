{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='append_new_columns',
    pre_hook="{{ close_published() }}",
    post_hook="{{ record_run() }}",
) }}

with

-- Bare det som er regnet ut siden sist, kan ha endret seg. Ingenting av det er glemt om en kjøring ble avbrutt imellom.
upublisert as (
    {{ unpublished() }}
),

fakta as (
    select * from {{ ref('fak_tiltaksdeltakelse_uke') }} as fakta
    where exists (
        select 1 from upublisert
        where upublisert.uke_start_dato = fakta.uke_start_dato and upublisert.enhetsnummer = fakta.enhetsnummer
    )
),

-- close_published har lukket cellene som er endret eller borte. De åpne cellene er slik fakta er nå.
ny as (
    select
        {% for column in published_columns() -%}
            fakta.{{ column }},
        {% endfor -%}
        {{ publication_time() }} as publisert_fom_tid,
        cast(null as {{ type_name('timestamp') }}) as publisert_til_tid
    from fakta
    {% if is_incremental() %}
        where not exists (
            select 1 from {{ this }} as publisert
            where publisert.publisert_til_tid is null and {{ same_cell('fakta', 'publisert') }}
        )
    {% endif %}
)

select * from ny
