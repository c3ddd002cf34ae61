"""Results as Markdown tables."""

import math


def number(value):
    """Three digits, whole from a hundred on, and a power of ten where the first would be zeros."""
    if value != 0 and abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:,.{0 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def seconds(side):
    if not side:
        return ""
    spread = f" ({number(side['least'])}–{number(side['most'])})"
    return number(side["median"]) + (spread if side["least"] < side["most"] else "")


def times(ratio):
    return f"{ratio:.1f}×" if ratio else ""


def megabytes(side):
    return number(side["megabytes"]) if side else ""


def accuracy(side):
    found = side["accuracy"] if side else {}
    return ", ".join(
        f"{name} {value:.5g}" if value >= 0.01 else f"{name} {number(value)}"
        for name, value in found.items())


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def comparison(rows, core):
    head = [
        "task", "floor (s)", "ours (s)", "peer", "peer (s)", "ratio", f"peer on {core} (s)",
        "ratio", "our MB", "peer's MB", "our accuracy", "peer's accuracy",
    ]
    return table(head, [
        [
            row["task"], number(row["floor"]) if row["floor"] else "", seconds(row["ours"]),
            row["peer"], seconds(row["theirs"]), times(row["ratio"]), seconds(row["tuned"]),
            times(row["tunedRatio"]), megabytes(row["ours"]), megabytes(row["theirs"]),
            accuracy(row["ours"]), accuracy(row["theirs"]),
        ]
        for row in rows
    ])


def loop_table(loops):
    ceilings = {
        (loop["unit"], loop["threads"]): loop["rate"] for loop in loops
        if loop["name"] in ("copy", "sgemm")
    }
    rows = {}
    for loop in loops:
        share = loop["rate"] / ceilings[loop["unit"], loop["threads"]]
        row = rows.setdefault(loop["name"], [loop["name"], loop["shape"], loop["unit"]])
        row += [number(loop["rate"]), f"{100 * share:.0f} %"]
    head = ["loop", "shape", "unit", "1 thread", "of its ceiling", "2 threads", "of its ceiling"]
    return table(head, list(rows.values()))
