"""The model as code: text to facts, facts to text, and what a change comes to. Pure: nothing here reads or writes."""
