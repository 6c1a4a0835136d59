"""Who is responsible for what in a product organisation, and why: the model, the thinking, the storage, the doors."""

from importlib.metadata import version

__version__ = version("remit")
