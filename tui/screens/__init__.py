"""The Train and the Trace screen. Know panes, dialogs and the runner; must not know the app."""
