"""The figures as a table for a terminal, as one for Markdown, and as what stands between two marks of a file."""
import pathlib


def number(value):
    if value is None:
        return ""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def wanted(row):
    if row.get("wanted") is not None:
        return f"≥ {row['wanted']}×"
    if row.get("most") is not None:
        return f"≤ {row['most']} {row['unit']}"
    return ""


def is_met(row):
    """Whether the row reaches what is wanted of it; None when nothing is."""
    if row.get("wanted") is not None:
        return row["ratio"] >= row["wanted"]
    if row.get("most") is not None:
        return row["value"] <= row["most"]
    return None


def cells(row):
    met = is_met(row)
    return [
        row["title"],
        f"{number(row['value'])} {row['unit']}",
        f"{row['floor_title']}: {number(row['floor'])}" if "floor" in row else "",
        f"{row['ratio']:.2f}×" if "ratio" in row else "",
        wanted(row) + ("" if met is None else " ✓" if met else " ✗"),
        number(row["details"].get("cpu_per_million")),
        number(row["details"].get("bytes_per_call")),
    ]


HEAD = ["work", "measured", "floor of the same run", "ratio", "wanted", "CPU s / million", "bytes / call"]
RIGHT = {1, 3, 5, 6}


def table(rows):
    lines = [HEAD] + [cells(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]

    def pad(line):
        return "  ".join(text.rjust(w) if i in RIGHT else text.ljust(w)
                         for i, (text, w) in enumerate(zip(line, widths))).rstrip()

    return "\n".join([pad(HEAD), "  ".join("-" * w for w in widths), *map(pad, lines[1:])])


def markdown(run):
    lines = [f"| {' | '.join(HEAD)} |", "|" + "|".join("---:" if i in RIGHT else "---" for i in range(len(HEAD))) + "|"]
    lines += [f"| {' | '.join(cells(row))} |" for row in run["rows"]]
    machine = run["machine"]
    lines += ["", f"{machine['cores']} cores of {machine['processor']}, {machine['memory_gb']} GB, "
                  f"{machine['system']}, busy with a load of {machine['load']:.1f} before; {run['date']}, commit "
                  f"{run['commit']}; medians of {run['rounds']} rounds of {run['seconds']:g} s."]
    return "\n".join(lines)


def put_into(path, name, text):
    """Replaces what stands between a pair of marks of a file."""
    file, begin, end = pathlib.Path(path), f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    whole = file.read_text(encoding="utf-8")
    if begin not in whole or end not in whole:
        raise SystemExit(f"{path}: has no {begin} and {end}")
    file.write_text(f"{whole.split(begin)[0]}{begin}\n{text}\n{end}{whole.split(end)[1]}", encoding="utf-8")
