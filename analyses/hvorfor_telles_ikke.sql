-- Hvorfor telles ikke alle deltakelsene?
-- Veien til én deltakelse: dbt run-operation hvorfor --args '{deltakelse_id: ...}'.
select
    kilde,
    utfall_kode,
    min(utfall_forklaring) as utfall_forklaring_eksempel,
    count(*) as deltakelse_antall
from {{ ref('deltakelse_utfall') }}
group by kilde, utfall_kode
order by kilde asc, deltakelse_antall desc, utfall_kode asc
