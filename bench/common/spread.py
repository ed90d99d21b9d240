# SPDX-License-Identifier: Apache-2.0
"""Medians with quartiles, of values and of ratios between values measured side by side."""
import statistics


def spread(values):
    """{"median", "lower", "upper", "count"}: the quartiles enclose the middle half."""
    values = sorted(values)
    if len(values) == 1:
        lower = upper = values[0]
    else:
        lower, _, upper = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": statistics.median(values), "lower": lower, "upper": upper, "count": len(values)}


def ratios(values, base):
    """The spread of values[i] / base[i], which were measured in the same round."""
    return spread([a / b for a, b in zip(values, base)])


def differences(values, base):
    return spread([a - b for a, b in zip(values, base)])


def text(s, form="{:.2f}"):
    """1.04 (1.01–1.08)"""
    return f"{form.format(s['median'])} ({form.format(s['lower'])}–{form.format(s['upper'])})"
