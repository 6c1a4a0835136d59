"""The nouns: frozen values of the standard library only."""
