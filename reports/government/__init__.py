"""What the Government reads: the weekly report as frozen facts, its letter and annexes, and the PDF made of them."""
