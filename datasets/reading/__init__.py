"""From a file to columns of cells: bytes, encoding, dialect, records, header. Must not know what is learnt."""
