{{ config(materialized='view') }}

with

uke as (
    select * from {{ ref('dim_uke') }}
),

ukedag as (
    {% for nummer in range(7) -%}
        select {{ nummer }} as nummer
        {%- if not loop.last %} union all {% endif %}
    {% endfor %}
),

dag as (
    select {{ add_days('uke.uke_start_dato', 'ukedag.nummer') }} as dag_dato
    from uke
    cross join ukedag
)

select * from dag
