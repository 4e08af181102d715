"""What the Government reads: facts in, document out. No query, no clock, no luck; same facts, same bytes."""
