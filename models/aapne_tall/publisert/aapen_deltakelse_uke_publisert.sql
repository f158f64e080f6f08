{{ versions_of_shown(ref('aapen_deltakelse_uke'), ref('aapen_om_tallene')) }}
