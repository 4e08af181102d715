"""What one version of a report says otherwise than the one before: every figure, every problem, every text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from reports.government import data, deeds, letter, words
from reports.government.approved import Approved
from reports.government.document import Block, Boxes, Chapter, Document, Numbered, Paragraph
from reports.government.facts import Problem, Since, Weekly
from reports.government.figures import printed
from rules import levels
from rules.fairness import CAUSES
from rules.indonesian import number
from rules.reaching import ENDS
from rules.situation import WORDS

SAYINGS = {
    "reports": "laporan",
    "districts": "wilayah",
    "owed": "wajib",
    "received": "diterima",
    "filled": "berisi",
    "nil": "nihil",
    "partial": "terisi sebagian",
    "filled_on_time": "berisi tepat waktu",
    "nil_on_time": "nihil tepat waktu",
    "missing": "belum diterima",
    "waived": "dikecualikan",
    "complete": "lengkap",
    "problems": "permasalahan",
    "grave": "sangat rawan dan belum selesai",
    "unresolved": "belum selesai",
    "restricted": "terbatas",
    "before": "dari sebelum periode",
    "since": "setelah periode",
    "polling": "pemungutan suara",
    "stations": "TPS",
    "voters": "pemilih",
    "situation": "keadaan",
    "groups": "bidang",
    "counted": "wilayah yang memberi angka",
    "of": "dari seluruhnya",
    "meetings": "rapat",
    "meeting": "rapat",
    "invited": "diundang",
    "attended": "hadir",
    "recorded": "kehadiran yang dicatat",
    "advice": "saran dan arahan",
    "withheld": "tidak dirinci",
    "risks": "tempat rawan",
    "unheard": "wilayah tanpa kabar",
    "silent": "wilayah senyap",
    "judged": "wilayah yang memberi perkiraan",
    "late": "lewat waktu",
    "ours": "karena kami",
    "chased": "pesan kepada yang belum melapor",
    "words": "pesan",
    "above": "pesan kepada atasan",
    "photos": "foto",
    "team": "anggota tim",
    "support": "dukungan",
    "total": "diperlukan",
    "ready": "siap",
    "partly": "siap sebagian",
    "not_ready": "belum siap",
    "unanswered": "belum dijawab",
    "not_theirs": "bukan bagiannya",
    "holding": "yang menahan",
}
"""What the parts of a figure's name are called; others stand as they are."""

_PARTS = re.compile(r"\d+(?:\.\d+)+|[^.]+")


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing that is said otherwise; `before` or `now` is empty where it was not said, or is said no more."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs, apart by what it is."""

    figures: tuple[Differs, ...] = ()
    problems: tuple[Differs, ...] = ()
    texts: tuple[Differs, ...] = ()

    def __len__(self) -> int:
        return len(self.figures) + len(self.problems) + len(self.texts)


def between(before: Weekly, now: Weekly, words_before: Approved, words_now: Approved) -> Differences:
    """What `now` says otherwise than `before`, each with the words that people added. Its cut-off alone is no other
    text.
    """
    known = replace(before, header=replace(before.header, cut_off=max(before.header.cut_off, now.header.cut_off)))
    old, new = letter.document(known, words_before), letter.document(now, words_now)
    return Differences(tuple(_figures(before, now)), tuple(_problems(before, now)), tuple(_texts(old, new)))


def counted(before: Weekly, now: Weekly) -> Differences:
    """The figures alone, for whoever may not read what either of them tells."""
    return Differences(figures=tuple(_figures(before, now)))


def _figures(before: Weekly, now: Weekly) -> Iterator[Differs]:
    old, new = printed(before), printed(now)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            known = (number(told[name]) if name in told else "" for told in (old, new))
            yield Differs(called(now, name), *known)


def called(facts: Weekly, name: str) -> str:
    """What a figure is called: `Kecamatan Tamban: lewat waktu`."""
    names = {own.code: levels.named(facts.header.level, own.name) for own in facts.districts}
    names |= {str(status): word for status, word in words.STATUSES.items()} | {str(one): w for one, w in WORDS.items()}
    names |= {str(end): word for end, word in ENDS.items()} | {str(cause): word for cause, word in CAUSES.items()}
    names |= {str(stage): word for stage, word in deeds.STAGES.items()} | SAYINGS
    for group in facts.findings.situation if facts.findings else ():
        names[group.code] = group.name
        names |= {figure.code: figure.name for figure in group.figures}
    if facts.findings and name.startswith("support."):
        names |= {own.code: own.name for own in facts.findings.support}
    parts = [names.get(part) or words.category(part) for part in _PARTS.findall(name) if part != "district"]
    said = ", ".join(parts)
    return f"{said[:1].upper()}{said[1:]}"


def _problems(before: Weekly, now: Weekly) -> Iterator[Differs]:
    """Those that are new, those that are told no more (by their number alone), and each field that changed."""
    old, new = _told(before), _told(now)
    for code in dict.fromkeys((*old, *new)):
        if code not in new:
            yield Differs(code, "disebut", "tidak disebut lagi")
        elif code not in old:
            yield Differs(f"{code}, baru", "", new[code].title)
        else:
            rows = data.problem(before, old[code]), data.problem(now, new[code])
            for column, was, is_ in zip(data.PROBLEMS, *rows, strict=True):
                if str(was) != str(is_):
                    yield Differs(f"{code}, {column.head}", str(was), str(is_))


def _told(facts: Weekly) -> dict[str, Problem]:
    return {own.code: own for own in (*facts.problems, *(facts.since or Since()).problems)}


def _texts(before: Document, now: Document) -> Iterator[Differs]:
    """Sentence by sentence, chapter by chapter; what corrects the one before is no part of what it said."""
    old, new = _chapters(before), _chapters(now)
    for code in dict.fromkeys((*old, *new)):
        chapter = new.get(code) or old[code]
        was, is_ = (_said(told[code]) if code in told else [] for told in (old, new))
        for tag, a, b, c, d in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
            if tag != "equal":
                yield Differs(chapter.title, "\n".join(was[a:b]), "\n".join(is_[c:d]))


def _chapters(document: Document) -> dict[str, Chapter]:
    every = (*document.chapters, document.closing)
    return {own.code: own for own in every if own.code not in ("", "correction")}


def _said(chapter: Chapter) -> Sequence[str]:
    return [line for block in chapter.blocks for line in _lines(block)]


def _lines(block: Block) -> Sequence[str]:
    match block:
        case Paragraph():
            return [block.text]
        case Numbered():
            return block.items
        case Boxes():
            return [f"{box.figure} {box.words}" for box in block.items]
        case _:
            return []
