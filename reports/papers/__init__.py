"""Papers of the desk's own work, as PDF and DOCX: the minutes of a meeting, and the order for field trips."""
