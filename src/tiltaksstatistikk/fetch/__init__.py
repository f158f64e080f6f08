"""The first mile: an extract, fetched from where the sources are, with pseudonyms in the place of idents."""
