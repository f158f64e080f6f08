"""The parts of `make_uttrekk.py`, which makes synthetic extracts.

`values` writes and reads single values, `files` whole extracts. `kodeverk` has what is taken from the world, `shape`
how much there is of it, `registers` invents offices and gjennomføringer, `people` those who take part, and `employers`
agreements with employers. `country` makes people by the million. `week` is the time between an extract and the next,
`next_topics` and `next_week` make the one of the other, and `faults` spoils what is sound. Each imports only those
named before it.

Everything is drawn from generators seeded with text that names what is drawn, so that the same arguments give
the same bytes, and so that a person is the same however many others there are.
"""
