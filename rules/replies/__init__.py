"""What people answer in their own words: read without a guess that could do harm, and asked back where unsure."""
