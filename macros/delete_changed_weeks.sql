{% macro delete_changed_weeks() %}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where not exists (
            select 1 from {{ ref('int_uke_fingeravtrykk') }} as naa
            where
                naa.uke_start_dato = {{ this.identifier }}.uke_start_dato
                and naa.fingeravtrykk = {{ this.identifier }}.fingeravtrykk
        )
    {%- endif -%}
{% endmacro %}
