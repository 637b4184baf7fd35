"""Operations: the table of them, what one is, and the arithmetic below it. Knows formulas and floats; must not know
Values or tapes.
"""
