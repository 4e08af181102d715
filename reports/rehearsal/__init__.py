"""The page a rehearsal leaves behind: its lines read once, drawn as boards, charts and lists."""
