#!/usr/bin/env python3
"""What the portal is made of, and whether anything of it is known to be unsafe: `make sbom`, `make audit`.

Both read what is locked: requirements.txt (Python packages with their hashes) and static/vendor/SHA256SUMS (scripts and
styles that lie in the repository). `audit` asks by pip-audit, and says that nothing is known only where every package
was asked about: pip-audit itself ends well, too, when it could ask about none.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK, VENDORED = ROOT / "requirements.txt", ROOT / "static/vendor"
FOUND, NOT_ASKED = 1, 2  # how the audit ends where something is known, and where nobody could be asked


def locked(lock=LOCK):
    """{name: (version, [sha256], [who wants it])} of what a lock file holds."""
    text = re.sub(r"# via$", "", lock.read_text(), flags=re.MULTILINE)
    entries = re.findall(r"^([\w.-]+)==(\S+)(.*?)(?=^[\w.-]+==|\Z)", text, re.MULTILINE | re.DOTALL)
    return {
        name: (
            version,
            re.findall(r"--hash=sha256:([0-9a-f]{64})", rest),
            re.findall(r"^ +# +(?:via +)?([a-z][\w.-]*)", rest, re.MULTILINE),
        )
        for name, version, rest in entries
    }


def vendored():
    """{name and version: {file: sha256}} of what lies in static/vendor, as it was recorded."""
    found = {}
    for line in (VENDORED / "SHA256SUMS").read_text().splitlines():
        digest, path = line.split("  ", 1)
        found.setdefault(path.split("/")[0], {})[path] = digest
    return found


def sbom():
    """The bill of materials, in CycloneDX 1.6."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    packages, portal = locked(), "portal"
    components = [
        {
            "type": "library",
            "bom-ref": name,
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            # one for each file of the release that may be installed
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in hashes],
        }
        for name, (version, hashes, _wanted_by) in packages.items()
    ]
    for folder, files in vendored().items():
        name, _, version = folder.rpartition("-")
        components.append(
            {
                "type": "library",
                "bom-ref": folder,
                "name": name,
                "version": version,
                "purl": f"pkg:npm/{name}@{version}",
                "components": [
                    {"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": digest}]}
                    for path, digest in files.items()
                ],
            }
        )
    wants = {portal: [*vendored()]} | {name: [] for name in packages}
    for name, (_version, _hashes, wanted_by) in packages.items():
        for one in wanted_by:
            wants[portal if one == project["name"] else one].append(name)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(components))}",  # the same for the same
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": portal, "name": project["name"], "version": project["version"],
            }
        },
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": sorted(set(parts))} for name, parts in wants.items()],
    }  # fmt: skip


def audit(python, *options, lock=LOCK):
    """Ask what is known of each package of the lock, and say it; return how the program ends."""
    packages = locked(lock)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as plain:
        for name, (version, hashes, _wanted_by) in packages.items():  # also those for another kind of machine
            print(f"{name}=={version}", *(f"--hash=sha256:{digest}" for digest in hashes), file=plain)
        plain.flush()
        asked = subprocess.run(
            [python, "-m", "pip_audit", "--requirement", plain.name, "--require-hashes", "--disable-pip",
             "--progress-spinner", "off", "--format", "json", *options],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    try:
        answers = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (asked.stderr.strip().splitlines() or ["nothing was said"])[-1]
        print(f"没有查成：问不到漏洞库。Nobody could be asked: {last[:300]}")
        return NOT_ASKED
    answered = {each["name"]: each["vulns"] for each in answers if "vulns" in each}
    known = [(name, one) for name, found in answered.items() for one in found]
    for name, one in known:
        mended = "、".join(one["fix_versions"]) or "还没有"
        print(f"{name} {one['id']} {' '.join(one.get('aliases', []))}：修好的版本（fixed in）{mended}")
    unknown = sorted(packages.keys() - answered.keys())
    if unknown:
        print(f"有{len(unknown)}个没有查成，不知道有没有漏洞。Not asked about: {'、'.join(unknown)}")
    if not known and not unknown:
        print(f"查了{len(packages)}个，没有已知的漏洞。{len(packages)} packages, nothing known against them.")
    by_hand = "、".join(vendored())
    print(f"static/vendor 里的（{by_hand}）这里查不到，请看它们自己的发布说明。Look these up by hand.")
    return FOUND if known else NOT_ASKED if unknown else 0


def main(command="", *arguments):
    if command == "sbom":
        json.dump(sbom(), sys.stdout, ensure_ascii=False, indent=1)
        return 0
    if command == "audit" and arguments:
        return audit(*arguments)
    print("supply.py sbom | supply.py audit PYTHON_OF_PIP_AUDIT [OPTIONS_OF_PIP_AUDIT]", file=sys.stderr)
    return NOT_ASKED


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
