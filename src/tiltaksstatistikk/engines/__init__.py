"""Other engines: what puts the clean tables on them, and servers of theirs on this machine for trying the project."""
