"""The demo world: invented clusters, members and people to look around in."""

from proxeny.demo.load import demo_sign_ins, load_demo

__all__ = ["demo_sign_ins", "load_demo"]
