with

om_tallene as (
    select * from {{ ref('aapen_om_tallene') }}
),

intern as (
    select
        uttrekk_tid,
        publisert_tid,
        'INTERN' as metode_kode,
        cast(null as integer) as prikkegrense
    from om_tallene
)

select * from intern
