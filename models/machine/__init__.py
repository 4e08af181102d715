"""The machine's own rows and figures: clock, audit, health, measures, what is spent or unreadable."""
