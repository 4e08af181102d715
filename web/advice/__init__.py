"""Pages of what offices give each other: advice, directions, invitations. Giver and receiver read the same page."""
