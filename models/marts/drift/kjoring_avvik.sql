{{ config(materialized='view') }}

with

kjoring as (
    select * from {{ ref('kjoring') }}
),

telling as (
    select * from {{ ref('kjoring_telling') }}
    where relasjon_navn = 'avvik'
),

avvikstype as (
    select * from {{ ref('kodeverk_avvikstype') }}
),

kilde as (
    select * from {{ ref('kodeverk_kilde') }}
),

-- En kjøring som ikke ble fullført, har ingen sett noe av. Den er heller ikke noe å sammenligne med.
fullfort as (
    select
        kjoring_id,
        startet_tid,
        uttrekk_tid,
        lag(kjoring_id) over (order by startet_tid) as forrige_kjoring_id
    from kjoring
    where fullfort_flagg
),

naa as (
    select
        fullfort.kjoring_id,
        telling.kilde,
        telling.telling_kode,
        telling.antall,
        0 as forrige_antall
    from fullfort
    inner join telling
        on fullfort.kjoring_id = telling.kjoring_id
),

forrige as (
    select
        fullfort.kjoring_id,
        telling.kilde,
        telling.telling_kode,
        0 as antall,
        telling.antall as forrige_antall
    from fullfort
    inner join telling
        on fullfort.forrige_kjoring_id = telling.kjoring_id
),

begge as (
    select * from naa
    union all
    select * from forrige
),

sammenlignet as (
    select
        kjoring_id,
        kilde,
        telling_kode,
        cast(sum(antall) as {{ dbt.type_bigint() }}) as antall,
        cast(sum(forrige_antall) as {{ dbt.type_bigint() }}) as forrige_antall
    from begge
    group by all
),

-- En avvikstype eller kilde kan ha gått ut av kodeverket siden en gammel kjøring.
beskrevet as (
    select
        sammenlignet.kjoring_id,
        fullfort.startet_tid,
        fullfort.uttrekk_tid,
        sammenlignet.kilde,
        kilde.eier_navn,
        sammenlignet.telling_kode as avvikstype_kode,
        avvikstype.alvorlighet_kode,
        sammenlignet.antall,
        sammenlignet.forrige_antall,
        sammenlignet.antall - sammenlignet.forrige_antall as endring_antall
    from sammenlignet
    inner join fullfort
        on sammenlignet.kjoring_id = fullfort.kjoring_id
    left join avvikstype
        on sammenlignet.telling_kode = avvikstype.avvikstype_kode
    left join kilde
        on sammenlignet.kilde = kilde.kilde
)

select * from beskrevet
