"""A page taken apart: its elements in order, each with its attributes, its text and the elements around it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "input", "hr"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    around: list["Element"]
    own: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, with single spaces."""
        return " ".join("".join(self.own).split())

    def inside(self, tag: str) -> bool:
        return any(element.tag == tag for element in self.around)


class Page(HTMLParser):
    """A page whose elements are all closed in the right order."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(source)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice"
        element = Element(tag, {name: value or "" for name, value in attrs}, list(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data):
        for element in self._open:
            element.own.append(data)

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def by_id(self, name: str) -> Element:
        (found,) = [element for element in self.elements if element.attributes.get("id") == name]
        return found

    def within(self, name: str, tag: str) -> list[Element]:
        """The elements of a tag inside the one with an id."""
        outer = self.by_id(name)
        return [element for element in self.all(tag) if any(one is outer for one in element.around)]

    def rows(self, table: str) -> list[list[str]]:
        """The cells of a table's body, row by row. The head of a group is a row of one cell."""
        rows: dict[int, list[str]] = {}
        outer = self.by_id(table)
        for element in self.elements:
            if element.tag in ("td", "th") and element.inside("tbody") and any(one is outer for one in element.around):
                row = next(one for one in reversed(element.around) if one.tag == "tr")
                rows.setdefault(id(row), []).append(element.text)
        return list(rows.values())

    def skeleton(self) -> list[tuple[str, tuple[str, ...]]]:
        """Elements and the names of their attributes, without any value or text."""
        return [(element.tag, tuple(sorted(element.attributes))) for element in self.elements]
