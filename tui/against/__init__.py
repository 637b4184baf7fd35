"""Our gradients beside another library's. Knows an arithmetic as data; must not know sessions or the screen."""
