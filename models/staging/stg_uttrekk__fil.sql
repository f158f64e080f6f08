with

uttrekk as (
    select * from {{ read_uttrekk('uttrekk', 'uttrekk') }}
),

-- En kilde i flere filer er tatt når den første av dem ble det.
fil as (
    select
        {{ uttrekk_file_stem('kilde') }} as kilde,
        min({{ to_oslo_time('uttrekk_tidspunkt') }}) as uttrekk_tid
    from uttrekk
    group by all
)

select * from fil
