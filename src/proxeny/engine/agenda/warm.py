"""Run by the installation: `python -m proxeny.engine.agenda.warm` compiles ahead of time."""

from proxeny.engine.agenda._warm import warm_up

__all__ = ["warm_up"]

if __name__ == "__main__":
    warm_up()
