"""How news comes in and how the desk is looked at: pages and health. Decides nothing about elections."""
