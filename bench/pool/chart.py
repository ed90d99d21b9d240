# SPDX-License-Identifier: Apache-2.0
"""Groups of bars on a logarithmic scale, as SVG. Nothing but the standard library."""
import math
from xml.sax.saxutils import escape

COLOURS = ("#2f81c7", "#e07b00", "#3c9a4a", "#b8508a", "#8a7f6d", "#d0493b", "#1fa3a3", "#8e6fd0", "#b5a01a")
# No background: the page's own shows, whether it is dark or light. Text and lines follow what the reader has asked for.
STYLE = ("<style>text{fill:#222}.unit{fill:#555}line{stroke:#ccc}"
         "@media(prefers-color-scheme:dark){text{fill:#e6e6e6}.unit{fill:#aaa}line{stroke:#444}}</style>")


def bars(title, unit, groups, series, values):
    """values[series, group] is a number or missing; the lower the better."""
    bar, gap, left, top, height = 14, 26, 80, 86, 300
    width_of_group = bar * len(series) + gap
    width = left + width_of_group * len(groups) + 20
    present = [v for v in values.values() if v]
    low = 10 ** math.floor(math.log10(min(present)))
    high = 10 ** math.ceil(math.log10(max(present)))
    scale = height / math.log10(high / low)

    def y(value):
        return top + height - scale * math.log10(value / low)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top + height + 50}" '
           'font-family="sans-serif" font-size="12">',
           STYLE,
           f'<text x="{left}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
           f'<text x="{left}" y="40" class="unit">{escape(unit)}, logarithmic; lower is better</text>']
    x = left
    for name, colour in zip(series, COLOURS):
        out.append(f'<rect x="{x}" y="52" width="11" height="11" fill="{colour}"/>'
                   f'<text x="{x + 15}" y="62">{escape(name)}</text>')
        x += 30 + 7 * len(name)
    tick = low
    while tick <= high:
        out.append(f'<line x1="{left}" x2="{width - 10}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
                   f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:,.0f}</text>')
        tick *= 10
    for g, group in enumerate(groups):
        start = left + gap / 2 + g * width_of_group
        for s, name in enumerate(series):
            value = values.get((name, group))
            if value:
                out.append(f'<rect x="{start + s * bar:.1f}" y="{y(value):.1f}" width="{bar - 2}" '
                           f'height="{top + height - y(value):.1f}" fill="{COLOURS[s % len(COLOURS)]}">'
                           f'<title>{escape(name)}, {escape(group)}: {value:.0f}</title></rect>')
        out.append(f'<text x="{start + bar * len(series) / 2:.1f}" y="{top + height + 18}" '
                   f'text-anchor="middle">{escape(group)}</text>')
    out.append("</svg>")
    return "\n".join(out) + "\n"
