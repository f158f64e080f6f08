{{ config(materialized='view') }}

{{ dense_weeks(['tiltakstype_navn', 'innsatsgruppe_kode', 'avdeling_navn']) }}

select
    aar as {{ adapter.quote('år') }},
    uke,
    enhetsnummer,
    tiltakstype_navn as tiltaksnavn,
    innsatsgruppe_kode as innsatsgruppe,
    avdeling_navn as avdeling,
    antall,
    enhet_navn
from tett
