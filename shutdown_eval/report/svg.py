"""A drawn figure as SVG for the inside of a page: known elements and attributes only, ids of its own, colours by name.

Matplotlib's own output is a file: it has a header, fixed colours and fonts, and ids that would meet those of the next plot.
It is parsed and built anew, so that what is not known here cannot get into the page.
"""

import re
from xml.etree import ElementTree

from markupsafe import Markup

from shutdown_eval.report.names import printable
from shutdown_eval.report.theme import with_names

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"g", "path", "text", "use", "defs", "clipPath", "pattern", "rect"}
ATTRIBUTES = {"d", "x", "y", "width", "height", "transform", "style", "fill", "clip-path", "patternUnits", "id", "href"}
LEFT_OUT = {"metadata", "style"}
FAMILY = re.compile(r"font-family: [^;]*;? ?")
SHORTHAND = re.compile(r"font: (?P<weight>\d+ )?(?P<size>[\d.]+px) [^;]*")
"""As Matplotlib 3.9 writes a font. The page has a family of its own."""
LONG = re.compile(r"-?\d+\.\d{3,}")
ID = re.compile(r"(?<=#)[A-Za-z0-9_.-]+")


def inline(source: str, name: str, title: str, description: str) -> Markup:
    """Make a figure part of a page.

    Args:
        source: An SVG file as Matplotlib writes it.
        name: Put before all its ids, so that they are the page's only ones.
        title: What it is, for those who do not see it.
        description: What it shows.

    Raises:
        ValueError: It has something in it that is not expected.
    """
    root = ElementTree.fromstring(source)
    used = {
        reference for element in root.iter() for value in element.attrib.values() for reference in ID.findall(value)
    }
    svg = ElementTree.Element("svg", {"viewBox": root.attrib["viewBox"], "role": "img"})
    svg.set("aria-labelledby", f"{name}-title {name}-desc")
    for tag, text in (("title", title), ("desc", description)):
        ElementTree.SubElement(svg, tag, {"id": f"{name}-{tag}"}).text = printable(text)
    for child in root:
        _copy(child, svg, name, used)
    return Markup(ElementTree.tostring(svg, encoding="unicode"))


def _copy(element: ElementTree.Element, parent: ElementTree.Element, name: str, used: set[str]) -> None:
    tag = element.tag.removeprefix(SVG)
    if tag in LEFT_OUT:
        return
    if tag not in ELEMENTS:
        raise ValueError(f"Unexpected element {tag} in a plot.")
    attributes = {}
    for full, value in element.attrib.items():
        key = full.rpartition("}")[2]
        if key not in ATTRIBUTES:
            raise ValueError(f"Unexpected attribute {key} in a plot.")
        if key == "id":
            if value in used:
                attributes[key] = f"{name}-{value}"
        else:
            attributes[key] = _tidy(key, value, name)
    if tag == "g" and not attributes:
        new = parent
    else:
        new = ElementTree.SubElement(parent, tag, attributes)
        new.text = element.text if tag == "text" else None
    for child in element:
        _copy(child, new, name, used)
    if new is not parent and len(new) == 0 and tag in ("g", "defs"):
        parent.remove(new)


def _tidy(key: str, value: str, name: str) -> str:
    if key in ("style", "fill"):
        value = with_names(SHORTHAND.sub(_font, FAMILY.sub("", value)))
    if key in ("href", "style", "clip-path"):
        value = ID.sub(lambda match: f"{name}-{match[0]}", value)
    value = LONG.sub(lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), value)
    return " ".join(value.split())


def _font(shorthand: re.Match[str]) -> str:
    weight = f"font-weight: {shorthand['weight'].strip()}; " if shorthand["weight"] else ""
    return f"{weight}font-size: {shorthand['size']}"
