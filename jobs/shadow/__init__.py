"""A policy that runs silently beside the live one: what people really did is done again on a copy of the books."""
