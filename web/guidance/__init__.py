"""Guidance of the levels below (pembinaan dan pengawasan): how they do, and that all are treated alike."""
