{% macro dictionary_of(nodes) %}
    {%- set relations = [] -%}
    {%- for node in nodes -%}
        {%- set columns = [] -%}
        {#- Only a contract says what type a column has. dbt's own question would begin a transaction. -#}
        {%- set types = {} -%}
        {%- if node.columns.values() | rejectattr('data_type') | list -%}
            {%- for column in run_query('describe ' ~ relation_of(node.name)).rows -%}
                {%- do types.update({column[0]: column[1] | lower}) -%}
            {%- endfor -%}
        {%- endif -%}
        {%- for column in node.columns.values() -%}
            {%- do columns.append({
                'navn': column.name,
                'type': column.data_type or types[column.name],
                'beskrivelse': column.description.split() | join(' '),
            }) -%}
        {%- endfor -%}
        {%- do relations.append({
            'relasjon': node.name,
            'beskrivelse': node.description.split() | join(' '),
            'granularitet': node.config.meta.get('grain', ''),
            'historikk': node.config.meta.get('historikk', ''),
            'kolonner': columns,
        }) -%}
    {%- endfor -%}
    {{ return(relations) }}
{% endmacro %}


{#- What the dictionary says of a relation, for the metadata of its Parquet file. -#}
{% macro metadata_of(node) %}
    {%- set relation = dictionary_of([node])[0] -%}
    {%- set said = [] -%}
    {%- for key in ['beskrivelse', 'granularitet', 'historikk'] if relation[key] -%}
        {%- do said.append('"' ~ key ~ '": ' ~ sql_text(relation[key])) -%}
    {%- endfor -%}
    {%- for column in relation.kolonner -%}
        {%- do said.append('"kolonne.' ~ column.navn ~ '": ' ~ sql_text(column.beskrivelse)) -%}
    {%- endfor -%}
    {{ return('{' ~ said | join(', ') ~ '}') }}
{% endmacro %}
