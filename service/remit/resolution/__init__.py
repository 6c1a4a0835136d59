"""The thinking: pure functions from a model and a question to an answer with its reasons."""
