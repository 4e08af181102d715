"""From shapes to the frozen types of `rules`, with everything looked at that one value alone cannot show."""
