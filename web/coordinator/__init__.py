"""Pages of the coordinators, the secretary and the chair."""
