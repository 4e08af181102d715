"""How reports came in: counted, row by row, and why."""
