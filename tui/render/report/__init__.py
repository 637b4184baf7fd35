"""The report on a table: its columns, its target's distribution, its facts. Knows data sets; must not know dialogs."""
