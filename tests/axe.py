"""What axe complains about on a page."""

from axe_playwright_python.sync_playwright import Axe


def violations(page, context=None, **options):
    """The rules that are broken: the name, what it means, and where. ``context`` is a selector; all without it."""
    found = Axe().run(page, context=context, options=options or None).response
    assert "color-contrast" in {rule["id"] for rule in found["passes"] + found["violations"]}, (
        "axe did not look at the text"
    )
    return [
        (rule["id"], rule["help"], [(node["html"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in found["violations"]
    ]
