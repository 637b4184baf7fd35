"""Reports on tables without a screen. Knows data sets and saved runs; must not know how either is drawn."""
