"""The results, as a table for people and as JSON for programs."""

from statistics import median

from benchmarks.measuring import Throughput, Timing, Timings
from benchmarks.works import Work

FASTEST = 600  # answers a second that 8 clients shall get at least
LARGEST = 150  # MB that a worker may have at most


def table(works: tuple[Work, ...], timings: Timings) -> str:
    """Median and p95 of each size, the growth from the smallest to the largest, and what of the targets is met.

    “web” and “sql” are medians of what gunicorn and PostgreSQL computed for it, wherever they had to wait.
    """
    sizes = list(timings[works[0].name])
    header = ["milliseconds", *(cell for rows in sizes for cell in (f"{rows:,}", "p95", "web", "sql"))]
    header += ["growth", "targets"]
    lines = [header, *(_line(work, timings[work.name]) for work in works)]
    return aligned(lines, texts=(0, len(header) - 1))


def aligned(lines: list[list[str]], texts=(0,)) -> str:
    """The lines in columns as wide as their widest cell: ``texts`` begin at the left, figures end at the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        [
            cell.ljust(width) if column in texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]
    return "".join("  ".join(line).rstrip() + "\n" for line in padded)


def _line(work: Work, timings: dict[int, Timing]) -> list[str]:
    cells = [cell for timing in timings.values() for cell in _figures(timing)]
    refused = {timing.refused for timing in timings.values() if timing.refused}
    if refused:
        return [work.name, *cells, "", f"not measured: answers {refused.pop()}"]
    ratio = growth(timings)
    return [work.name, *cells, f"{ratio:.2f}" if ratio else "", "; ".join(verdicts(work, timings))]


def growth(timings: dict[int, Timing]) -> float | None:
    """How many times the median of the largest ledger is that of the smallest; None for one ledger."""
    smallest, largest = timings[min(timings)].median, timings[max(timings)].median
    return largest / smallest if len(timings) > 1 and smallest and largest else None


def verdicts(work: Work, timings: dict[int, Timing]) -> list[str]:
    """A sentence for each target: met, or missed by how much."""
    said = [
        f"≤ {limit:g}{verdict(timing.median, limit)}"
        for rows, timing in timings.items()
        if (limit := work.target(rows)) and timing.median
    ]
    if work.growth and (ratio := growth(timings)):
        said.append(f"growth ≤ {work.growth}{verdict(ratio, work.growth)}")
    return said


def verdict(figure: float, limit: float) -> str:
    return " met" if figure <= limit else f" missed, {figure / limit:.1f} times"


def throughput_line(rows: int, found: Throughput) -> str:
    reached = "met" if found.rate >= FASTEST else f"missed by {1 - found.rate / FASTEST:.0%}"
    return (
        f"{found.clients} clients, API day reads at {rows:,}: {found.rate:,.0f} a second, "
        f"median {found.median:.1f} ms, p95 {found.p95:.1f} ms (≥ {FASTEST} {reached}); "
        f"the clients used {found.client_cpu:.0%} of a core\n"
    )


def memory_line(memory: list[float]) -> str:
    figures = " and ".join(f"{figure:.0f}" for figure in memory)
    return f"most memory of the workers: {figures} MB (≤ {LARGEST}{verdict(max(memory), LARGEST)})\n"


def as_json(works, timings, throughput: dict[int, Throughput], memory: list[float]) -> dict:
    """Everything in one object; times are milliseconds, keys of sizes are texts."""
    return {
        "works": [
            {
                "name": work.name,
                "sizes": {
                    str(rows): {
                        "median": timing.median,
                        "p95": timing.p95,
                        "least": min(timing.took, default=None),
                        "web": median(timing.web) if timing.web else None,
                        "database": median(timing.database) if timing.database else None,
                        "times": len(timing.took),
                        "target": work.target(rows),
                        "refused": timing.refused,
                    }
                    for rows, timing in timings[work.name].items()
                },
                "growth": growth(timings[work.name]),
                "growth_target": work.growth,
            }
            for work in works
        ],
        "day_reads": {str(rows): vars(found) for rows, found in throughput.items()},
        "worker_memory": memory,
    }


def _figures(timing: Timing) -> list[str]:
    if not timing.took:
        return [""] * 4
    figures = (timing.median, timing.p95, median(timing.web), median(timing.database))
    return [f"{figure:.1f}" for figure in figures]
