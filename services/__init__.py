"""What is done: one use case a module, in the caller's transaction. It commits nothing itself."""
