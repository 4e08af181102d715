"""The desk's report to the Government: its facts, gathered as they stood at the cut-off, a module a subject."""
