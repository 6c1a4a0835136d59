"""The graph API: nouns, and the questions asked about them."""
