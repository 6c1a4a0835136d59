"""How often the records of areas have changed by now."""

from remit.usecases.desk import Desk
from remit.usecases.marks import Marks


async def present_marks(desk: Desk) -> Marks:
    """The watermarks of now. One statement, which brings those alone of which some have risen."""
    known = desk.shelf.marks
    desk.shelf.marks = known.after(await desk.mirror.risen(known.sums))
    return desk.shelf.marks
