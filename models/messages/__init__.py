"""How people are told: notices, messages and tries, channels, doubts, and what providers said later."""
