"""An expression as text: read into Values, written from them. Knows Values and ops; must not know tapes or training."""
