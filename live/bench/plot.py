"""The picture for the README: CPU of one delivered frame, ours beside the others, as a small SVG without scripts."""

from html import escape

from live.bench.measures import Report, median

COLOURS = {"bare": "#8a94a6", "channels": "#c9a227", "ours": "#1f5fa8"}
WORDS = {"bare": "websockets.broadcast", "channels": "Litestar ChannelsPlugin", "ours": "Jaring, the whole application"}
WIDTH, LEFT, BAR, GAP = 720, 190, 16, 14


def svg(report: Report) -> str:
    """Horizontal bars, one group for each number of sockets."""
    groups: dict[tuple[int, bool], dict[str, list[float]]] = {}
    for run in report.runs:
        if run["part"] == "fanout":
            case = groups.setdefault((run["sockets"], run["deflate"]), {})
            case.setdefault(run["server"], []).append(run["cpu"])
    largest = max((median(of) for case in groups.values() for of in case.values()), default=1.0)
    pieces, y = [], 58
    for (sockets, deflate), case in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0])):
        label = f"{sockets:,} sockets, deflate {'on' if deflate else 'off'}"
        pieces.append(_text(LEFT - 10, y + len(case) * BAR / 2 + 4, label, "end"))
        for name in COLOURS:
            if name in case:
                pieces.append(_bar(y, median(case[name]), largest, COLOURS[name]))
                y += BAR
        y += GAP
    legend = "".join(
        f'<rect x="{LEFT + at * 180}" y="30" width="10" height="10" fill="{COLOURS[name]}"/>'
        + _text(LEFT + at * 180 + 15, 39, WORDS[name])
        for at, name in enumerate(COLOURS)
    )
    title = _text(10, 16, "Server CPU for one delivered frame of 1.5 kB, in microseconds (less is better)", weight=600)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="11">'
    return f'{head}<rect width="100%" height="100%" fill="#fff"/>{title}{legend}{"".join(pieces)}</svg>\n'


def _bar(y: int, value: float, largest: float, colour: str) -> str:
    width = (WIDTH - LEFT - 60) * value / largest
    return f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 3}" fill="{colour}"/>' + _text(
        LEFT + width + 6, y + 10, f"{value:.1f}"
    )


def _text(x: float, y: float, said: str, anchor: str = "start", weight: int = 400) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-weight="{weight}">{escape(said)}</text>'
