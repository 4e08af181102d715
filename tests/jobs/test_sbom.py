"""What the program is made of can be listed, from the lock alone."""

import json
import re

from jobs.operator import sbom
from tests.stories.desk import ROOT


def test_every_package_of_the_lock_is_named_with_its_version_and_hashes(desk):
    done = desk("sbom")

    bill = json.loads(done.stdout)
    pinned = re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [(own["name"], own["version"]) for own in bill["components"]] == pinned
    assert all(own["properties"] for own in bill["components"])
    assert len({own["bom-ref"] for own in bill["components"]}) == len(pinned)
    assert desk("sbom").stdout == done.stdout


def test_the_licence_of_every_installed_package_is_known_but_of_one_that_does_not_say_it():
    known = sbom.packages((ROOT / "requirements.lock").read_text())

    assert [own.name for own in known if own.licence == sbom.UNKNOWN] == ["pyrage"]
    assert not [own for own in known if "Affero" in own.licence or re.search(r"\bAGPL|\bGPL-3", own.licence)]
