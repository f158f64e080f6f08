{{ versions_of_shown(ref('aapen_kapasitet_uke'), ref('aapen_om_tallene')) }}
