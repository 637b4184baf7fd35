"""The report on a user's table, in which guesses are changed. Knows data sets; must not know sessions."""
