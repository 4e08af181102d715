"""A storm is more messages than anybody can have meant. Nothing more is sent until a person has looked.

Quiet hours, merging and caps bound what one office gets, and an outage ends in one message for each. A flood that gets
past them is a defect: two ladders that chase each other, a wrong clock, rows written by hand.
"""

from collections import Counter
from collections.abc import Mapping

from rules.policy import Storm


def cause(storm: Storm, offices: int, made: Mapping[int, int], new: Mapping[int, int]) -> str:
    """What makes it a storm, with the numbers; empty: it is none.

    Args:
        offices: how many the desk has, with the aides of its districts.
        made: messages within the policy's time, by office.
        new: messages about to be made, by office.
    """
    counts = Counter(made) + Counter(new)
    minutes = round(storm.within.total_seconds() / 60)
    office, most = max(counts.items(), key=lambda item: item[1], default=(0, 0))
    if new and most > storm.to_one_office:
        return (
            f"storm: {most} messages to office {office} within {minutes} min; the policy believes {storm.to_one_office}"
        )
    total, believed = sum(counts.values()), storm.to_each_on_average * offices
    if new and total > believed:
        return f"storm: {total} messages to {offices} offices within {minutes} min; the policy believes {believed}"
    return ""
