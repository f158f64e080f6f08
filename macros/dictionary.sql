{% macro dictionary_of(nodes) %}
    {%- set relations = [] -%}
    {%- for node in nodes -%}
        {%- set columns = [] -%}
        {%- for column in node.columns.values() -%}
            {%- do columns.append({
                'navn': column.name,
                'type': column.data_type,
                'beskrivelse': column.description.split() | join(' '),
            }) -%}
        {%- endfor -%}
        {%- do relations.append({
            'relasjon': node.name,
            'beskrivelse': node.description.split() | join(' '),
            'granularitet': node.config.meta.grain,
            'historikk': node.config.meta.historikk,
            'kolonner': columns,
        }) -%}
    {%- endfor -%}
    {{ return(relations) }}
{% endmacro %}
