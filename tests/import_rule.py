"""Who may import whom, and who may touch the clock, chance, files and the environment.

Four rings, inwards only, never a neighbour (docs/adr/0029-a-ring-for-use-cases.md):

    ring 4    jobs                         web            run things; never import each other
    ring 3               services                         does one use case in the caller's transaction
    ring 2    config    models    notifiers    reports    know one thing each; never import each other
    ring 1                  rules                         decides; standard library only

`python tests/import_rule.py [ROOT]` prints every breach as file:line and ends with status 1 if there is one.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

RING_1 = ("rules",)
RING_2 = ("config", "models", "notifiers", "reports")
RING_3 = ("services",)
RING_4 = ("jobs", "web")
OURS = (*RING_1, *RING_2, *RING_3, *RING_4)

SERVICES_USE = ("rules", "models", "reports")
"""A use case reads no configuration and speaks to no provider."""

READS_ENVIRONMENT = "config/settings.py"
STARTS_WEB = "jobs/__main__.py"

IMPURE_MODULES = frozenset(
    {"asyncio", "http", "io", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "ssl"}
    | {"subprocess", "tempfile", "threading", "time", "urllib", "uuid"}
)
"""Of the standard library, what `rules` must not reach: the clock, chance, files, the network, other processes."""

IMPORT_STRING = re.compile(rf"({'|'.join(OURS)})(\.\w+)*:\w+")
"""How servers take a module's name, such as "web.app:create"."""

IMPURE_CALLS = frozenset({"open", "input", "print", "exec", "eval"})
CLOCK_METHODS = frozenset({"now", "today", "utcnow"})
ENVIRONMENT = frozenset({"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"})


def breaches(root: Path) -> list[str]:
    """Every breach under `root`, as `file:line: what`, in the order of the files."""
    found = []
    for package in OURS:
        for path in sorted((root / package).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            tree = ast.parse(path.read_bytes(), filename=name)
            found += [f"{name}:{line}: {what}" for line, what in sorted(set(_in_file(tree, package, name)))]
    return found


def _in_file(tree: ast.Module, package: str, name: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for module in _imported(node, name):
            if what := _forbidden(module, package, name):
                yield node.lineno, what  # type: ignore[attr-defined]
        if name != READS_ENVIRONMENT and (what := _environment(node)):
            yield node.lineno, what  # type: ignore[attr-defined]
        if package in RING_1 and (what := _impure(node)):
            yield node.lineno, what  # type: ignore[attr-defined]


def _imported(node: ast.AST, name: str) -> list[str]:
    """Names of the modules that `node` imports, at the top or inside a function, by statement or by a literal name."""
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module="random", names=[ast.alias(name="Random")]):
            return []  # the type of luck that comes in as an argument
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case ast.ImportFrom(module=module, names=names, level=level):
            above = Path(name).parts[:-level]
            return [".".join((*above, module or alias.name)) for alias in names]
        case ast.Call(func=func, args=[ast.Constant(value=str(module)), *_]) if _called(func) in {
            "__import__",
            "import_module",
            "resolve_name",
            "run_module",
            "walk_packages",
        }:
            return [module.partition(":")[0]]
        case ast.Constant(value=str(text)) if IMPORT_STRING.fullmatch(text):
            module = text.partition(":")[0]
            return [] if name == STARTS_WEB and module.split(".")[0] == "web" else [module]
        case _:
            return []


def _forbidden(module: str, package: str, name: str) -> str | None:
    top = module.partition(".")[0]
    if top == package:
        return None
    if package in RING_1:
        if top in OURS or top not in sys.stdlib_module_names:
            return f"rules may import only the standard library and itself, not {module}"
        return f"rules must not reach {module}: it comes in as an argument" if top in IMPURE_MODULES else None
    if top == "tests":
        return f"{package} must not import {module}"
    if package in RING_2 and top in (*RING_2, *RING_3, *RING_4):
        return f"{package} must not import {module}: only rules, itself and third parties"
    if package in RING_3 and top in OURS and top not in SERVICES_USE:
        return f"{package} must not import {module}: only rules, models, reports and third parties"
    if package in RING_4 and top in RING_4:
        return f"{package} must not import {module}: jobs and web meet only in the database"
    return None


def _environment(node: ast.AST) -> str | None:
    match node:
        case ast.Attribute(attr=attr) if attr in ENVIRONMENT:
            pass
        case ast.ImportFrom(module="os", names=names) if any(alias.name in ENVIRONMENT for alias in names):
            pass
        case _:
            return None
    return f"only {READS_ENVIRONMENT} reads the environment"


def _impure(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id=called)) if called in IMPURE_CALLS:
            return f"rules must not call {called}()"
        case ast.Call(func=ast.Name(id="Random"), args=[], keywords=[]):
            return "rules must not make luck without a seed: it is an argument"
        case (
            ast.Call(func=ast.Attribute(attr=attr))
            | ast.Attribute(value=ast.Name(id="datetime" | "date") | ast.Attribute(attr="datetime" | "date"), attr=attr)
        ) if attr in CLOCK_METHODS:
            return f"rules must not read the clock ({attr}): `now` is an argument"
        case _:
            return None


def _called(func: ast.expr) -> str:
    match func:
        case ast.Name(id=called) | ast.Attribute(attr=called):
            return called
        case _:
            return ""


def main(root: Path) -> int:
    found = breaches(root)
    for breach in found:
        print(breach)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
