"""The keys that the noise in the open numbers is drawn from: one for each person, and a secret for the series.

After the method of cell keys (Fraser and Wooton 2005): whoever knows them can take the noise away again. They are made
here, where the key is, and are in the warehouse alone.
"""

from tiltaksstatistikk.load.keys import SERIES, derived_key
from tiltaksstatistikk.load.objects import TABLES, TOPICS
from tiltaksstatistikk.load.values import record_key
from tiltaksstatistikk.load.workplace import Workplace


def load_record_keys(place: Workplace) -> None:
    """Write `uttrekk.person_nokkel` and `uttrekk.serie_nokkel`.

    A person's key is the first 32 bits of the HMAC of the person_id that is theirs today, and stays the same while that
    does. The secret of the series has one row.

    Args:
        place: where the load works. The clean tables of participations and `uttrekk.gjeldende_person` are loaded.
    """
    sources = [topic.name for topic in TOPICS] + [table.name for table in TABLES if table.instead_of]
    persons = " union ".join(f"select person_id from {place.table(name)}" for name in sources)
    table = place.table("person_nokkel")
    place.do(
        "create or replace temporary table deltar as "
        f"select distinct coalesce(gjeldende_person_id, person_id) as person_id from ({persons}) as deltaker "
        f"left join {place.table('gjeldende_person')} using (person_id) where person_id is not null"
    )
    place.do(f"create table if not exists {table} (person_id varchar, nokkel_nummer bigint)")
    place.do(f"delete from {table} where person_id not in (select person_id from deltar)")
    place.do(
        f"insert into {table} select person_id, {record_key('person_id')} from deltar "
        f"where person_id not in (select person_id from {table})"
    )
    place.do(f"create or replace table {place.table('serie_nokkel')} (hemmelig_tekst varchar)")
    place.put(place.table("serie_nokkel"), [derived_key(SERIES)])
