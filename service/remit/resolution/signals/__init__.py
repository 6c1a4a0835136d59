"""Signals: what is measured of areas and people, each a pure function over the courses of records."""
