"""The door: the only code that sees a file of an extract, an ident or the key."""
