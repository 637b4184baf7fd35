"""Pages in a browser, as a user meets them. Knows the browser; must not know who serves them."""
