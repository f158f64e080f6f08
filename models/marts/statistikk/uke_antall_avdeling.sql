{{ config(materialized='view') }}

{{ dense_weeks(['tiltakstype_navn', 'avdeling_navn']) }}

select
    aar as {{ adapter.quote('år') }},
    uke,
    enhetsnummer,
    tiltakstype_navn as tiltaksnavn,
    avdeling_navn as avdeling,
    antall,
    enhet_navn
from tett
