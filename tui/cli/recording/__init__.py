"""`chainstep record`: whatever opens the app, recorded meanwhile. Knows what can be; must not know what is shown."""
