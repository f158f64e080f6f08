-- Kodeverkene over innsatsgrupper og kvalifiseringsgrupper dekker hverandre: ingen gruppe står i statistikken uten at
-- noen kan telles i den.
select innsatsgruppe.innsatsgruppe_kode
from {{ ref('kodeverk_innsatsgruppe') }} as innsatsgruppe
left join {{ ref('kodeverk_kvalifiseringsgruppe') }} as kvalifiseringsgruppe
    on innsatsgruppe.innsatsgruppe_kode = kvalifiseringsgruppe.innsatsgruppe_kode
where kvalifiseringsgruppe.innsatsgruppe_kode is null
