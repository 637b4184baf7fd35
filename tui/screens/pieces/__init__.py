"""What the screens are put together of, each with its own keys. Knows commands and the stage; must not know screens."""
