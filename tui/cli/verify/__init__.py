"""Other people's engines, each judged in a process of its own. Knows verdicts; must not know how they are found."""
