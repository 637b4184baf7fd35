"""Why something cannot be taken out or in. Must not know what."""


class ExchangeError(ValueError):
    """A model cannot be written or read so; the message is one line."""
