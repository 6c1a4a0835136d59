"""The model in the formats others have: matrices, owner lists, catalogs. Pure: nothing here reads or writes files."""
