with

kilde as (
    select * from {{ source('uttrekk', 'fil') }}
),

navngitt as (
    select
        kilde,
        uttrekk_tidspunkt as uttrekk_tid
    from kilde
)

select * from navngitt
