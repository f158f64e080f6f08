{{ versions_of_shown(ref('aapen_venteliste_uke'), ref('aapen_om_tallene')) }}
