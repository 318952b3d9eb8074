"""Plans of dated activities: what must not slip, and what begins too early."""

from proxeny.engine.planning.critical import Planned, Task, find_critical

__all__ = ["Planned", "Task", "find_critical"]
