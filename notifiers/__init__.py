"""How people are told: one file per provider, and the texts. Knows no row, no session and no settings."""
