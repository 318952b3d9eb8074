"""The differences between two publications of a study, in sentences."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from proxeny.research.presenter_parts import Data, Shown


def tell_differences(old: Shown, new: Shown) -> list[str]:
    """Return the additions, removals and changes in a publication since the previous one."""
    told = [*_texts(old, new), *_names(old, new), *_packages(old, new), *_advice(old, new)]
    if old.beside.results != new.beside.results:
        told.append(_("Results were added or changed."))
    return told


def _texts(old: Shown, new: Shown) -> Iterable[str]:
    labels = {
        "title": _("Title"),
        "question": _("Question"),
        "description": _("What was found"),
        "keywords": _("Keywords"),
        "licence": _("Licence"),
        "doi": _("DOI"),
    }
    changed = [
        label
        for name, label in labels.items()
        if getattr(old.study, name) != getattr(new.study, name)
    ]
    before, after = dict(old.elements), dict(new.elements)
    changed += [label for label in after | before if before.get(label) != after.get(label)]
    return [_("Changed: %(what)s") % {"what": label} for label in changed]


def _names(old: Shown, new: Shown) -> Iterable[str]:
    before, after = ({one.name for one in shown.takers} for shown in (old, new))
    yield from (_("Contributor added: %(name)s") % {"name": one} for one in sorted(after - before))
    yield from (
        _("Contributor removed: %(name)s") % {"name": one} for one in sorted(before - after)
    )


def _packages(old: Shown, new: Shown) -> Iterable[str]:
    before, after = (
        {one.number or one.folder: one for one in shown.packages} for shown in (old, new)
    )
    for key, one in after.items():
        if key in before:
            yield from _package(before[key], one)
        else:
            yield _("New data package: %(name)s") % {"name": one.title}
    for key, one in before.items():
        if key not in after:
            yield _("Data package removed: %(name)s") % {"name": one.title}


def _package(old: Data, new: Data) -> Iterable[str]:
    name = new.title
    if old.access != new.access:
        yield _("“%(name)s”: access changed from “%(old)s” to “%(new)s”.") % {
            "name": name,
            "old": old.access_label,
            "new": new.access_label,
        }
    if old.licence != new.licence:
        yield _("“%(name)s”: licence changed.") % {"name": name}
    before, after = ({file.name: file.sha256 for file in one.files} for one in (old, new))
    added = len(after.keys() - before.keys())
    gone = len(before.keys() - after.keys())
    changed = sum(after[one] != before[one] for one in after.keys() & before.keys())
    if added or gone or changed:
        yield _("“%(name)s”: files added: %(added)d, changed: %(changed)d, removed: %(gone)d.") % {
            "name": name,
            "added": added,
            "changed": changed,
            "gone": gone,
        }


def _advice(old: Shown, new: Shown) -> Iterable[str]:
    before, after = ({one.anchor: one for one in shown.advice} for shown in (old, new))
    for key, one in after.items():
        if key not in before:
            yield _("New recommendation: %(name)s") % {"name": one.title}
        elif before[key].state != one.state:
            yield _("“%(name)s” changed from “%(old)s” to “%(new)s”.") % {
                "name": one.title,
                "old": before[key].state_label,
                "new": one.state_label,
            }
        elif before[key] != one:
            yield _("Recommendation changed: %(name)s") % {"name": one.title}
    for key, one in before.items():
        if key not in after:
            yield _("Recommendation removed: %(name)s") % {"name": one.title}
