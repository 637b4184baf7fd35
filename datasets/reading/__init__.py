"""From a file to columns of cells. Knows bytes, encodings, dialects and headers; must not know what is learnt."""
