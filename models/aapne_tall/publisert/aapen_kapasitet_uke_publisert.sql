{{ config(
    materialized='incremental',
    incremental_strategy='append',
    full_refresh=false,
    on_schema_change='append_new_columns',
    pre_hook="{{ close_shown(ref('aapen_kapasitet_uke')) }}",
) }}

with

aapen as (
    select * from {{ ref('aapen_kapasitet_uke') }}
),

om_tallene as (
    select * from {{ ref('aapen_om_tallene') }}
),

-- close_shown har lukket radene som er endret eller borte. De åpne er slik de åpne tallene er nå.
ny as (
    select
        {% for column in shown_columns('aapen_kapasitet_uke') -%}
            aapen.{{ column.name }},
        {% endfor -%}
        om_tallene.publisert_tid as publisert_fom_tid,
        cast(null as {{ type_name('timestamp') }}) as publisert_til_tid
    from aapen
    cross join om_tallene
    {% if is_incremental() %}
        where
            aapen.uke_start_dato in ({{ weeks_not_as_shown(ref('aapen_kapasitet_uke'), this) }})
            and not exists (
                select 1 from {{ this }} as vist
                where vist.publisert_til_tid is null and {{ same_shown_row('aapen_kapasitet_uke', 'aapen', 'vist') }}
            )
    {% endif %}
)

select * from ny
