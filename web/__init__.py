"""Pages by which news comes in and people look at the desk. They decide nothing about elections."""
