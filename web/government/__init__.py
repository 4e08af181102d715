"""Reports to the Government, for the secretariat, the secretary and the chair."""
