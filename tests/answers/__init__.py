"""The questions of analyses/, and their answers on the default extract."""
