"""A sheet to draw on in pixels, from the upper left, with Matplotlib underneath. It keeps no state between sheets."""

import io
import warnings
from collections.abc import Sequence

from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from shutdown_eval.report.names import printable
from shutdown_eval.report.svg import inline
from shutdown_eval.report.theme import stand_in

POINTS = 72
"""Points of Matplotlib's inch, which are the units of its SVG. Here one is one pixel."""

ANCHORS = {"start": "left", "middle": "center", "end": "right"}
Box = tuple[float, float, float, float]
"""Left, top, width, height."""


class Sheet:
    """A sheet of some width and height, in pixels."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = Figure(figsize=(width / POINTS, height / POINTS))
        self.figure.patch.set_visible(False)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, width)
        self.axes.set_ylim(height, 0)
        self._drawn = 0

    def _next(self) -> int:
        """What is drawn later lies above what is drawn before."""
        self._drawn += 1
        return self._drawn

    def text(
        self,
        x: float,
        y: float,
        text: str,
        ink: str = "fg",
        size: float = 13,
        anchor: str = "start",
        bold: bool = False,
        rotation: float = 0,
    ) -> None:
        """Write a line.

        Args:
            x: Where it begins, or has its middle or end.
            y: Its middle, or where it begins if it is turned.
            text: Any text.
            ink: Name of a colour.
            size: In pixels.
            anchor: start, middle or end.
            bold: Whether it is.
            rotation: In degrees, upwards.
        """
        self.axes.text(
            x,
            y if rotation else y + 0.36 * size,
            printable(text),
            color=stand_in(ink),
            fontsize=size,
            horizontalalignment=ANCHORS[anchor],
            verticalalignment="baseline",
            fontweight="bold" if bold else "normal",
            rotation=rotation,
            rotation_mode="anchor",
            parse_math=False,  # no name is read as a formula
            usetex=False,
            zorder=self._next(),
        )

    def lines(self, lines: Sequence[Sequence[tuple[float, float]]], ink: str, width: float = 1) -> None:
        """Draw lines through points."""
        if lines:
            drawn = LineCollection(lines, colors=stand_in(ink), linewidths=width, clip_on=False, zorder=self._next())
            self.axes.add_collection(drawn, autolim=False)

    def boxes(self, boxes: Sequence[Box], ink: str, hatch: str | None = None) -> None:
        """Fill boxes, with stripes in the colour of the page if there is a hatch."""
        if boxes:
            corners = [((x, y), (x + w, y), (x + w, y + h), (x, y + h)) for x, y, w, h in boxes]
            edge = {"edgecolors": stand_in("bg"), "linewidths": 0, "hatch": hatch} if hatch else {"edgecolors": "none"}
            filled = PolyCollection(corners, facecolors=stand_in(ink), clip_on=False, zorder=self._next(), **edge)
            self.axes.add_collection(filled, autolim=False)

    def dots(self, points: Sequence[tuple[float, float]], ink: str, size: float = 7) -> None:
        """Draw dots of some diameter."""
        if points:
            xs, ys = zip(*points, strict=True)
            self.axes.plot(
                xs,
                ys,
                color=stand_in(ink),
                linestyle="none",
                marker="o",
                markersize=size,
                markeredgewidth=0,
                clip_on=False,
                scalex=False,
                scaley=False,
                zorder=self._next(),
            )

    def svg(self, name: str, title: str, description: str) -> Markup:
        """The sheet for the inside of a page (see `inline`)."""
        file = io.StringIO()
        # Text stays text, ids are the same every time, and a user's own settings change nothing.
        settings = rc_context({"svg.fonttype": "none", "svg.hashsalt": "shutdown-eval", "savefig.bbox": None})
        with settings, warnings.catch_warnings():
            # Matplotlib measures text with a font of its own. The page has the reader's.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self.figure.savefig(file, format="svg", metadata={"Date": None})
        return inline(file.getvalue(), name, title, description)
