"""The shapes of the files, one module a kind: what may be written, and what an editor says about it."""
