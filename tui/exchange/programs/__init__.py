"""A model as a script for another library. Knows models as data and those libraries' names; must not import any."""
