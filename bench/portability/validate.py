#!/usr/bin/env python3
"""Holds what `jinmen assess` prints against outside validators: SARIF 2.1.0, CycloneDX 1.6, SPDX 2.3.

They come from package registries when this runs, into a folder that is thrown away: `cyclonedx-python-lib` and `spdx-tools` with pip,
the schema of SARIF from the npm package `@microsoft/jest-sarif`.
"""
import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

INSIDE = """
import json, sys
import jsonschema
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

folder = sys.argv[1]
schema = json.load(open(folder + "/sarif-schema.json"))
jsonschema.validators.validator_for(schema)(schema).validate(json.load(open(folder + "/report.sarif")))
wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(folder + "/bom.cdx.json").read())
assert wrong is None, wrong
wrong = validate_full_spdx_document(parse_file(folder + "/bom.spdx.json"))
assert not wrong, wrong
"""


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folders", nargs="+", type=Path, help="what is assessed")
    options.add_argument("--program", default="jinmen assess")
    flags = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        venv.create(folder / "env", with_pip=True)
        python = folder / "env/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "jsonschema", "cyclonedx-python-lib[json-validation]", "spdx-tools"], check=True)
        packed = subprocess.run(["npm", "pack", "--silent", "@microsoft/jest-sarif"], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        with tarfile.open(folder / packed) as archive:
            schema = next(one for one in archive.getmembers() if "/schemas/sarif-2.1.0" in one.name and one.name.endswith(".json"))
            (folder / "sarif-schema.json").write_bytes(archive.extractfile(schema).read())
        for assessed in flags.folders:
            for format_, file in [("sarif", "report.sarif"), ("cyclonedx", "bom.cdx.json"), ("spdx", "bom.spdx.json")]:
                printed = subprocess.run([*flags.program.split(), str(assessed), "--format", format_], check=True, stdout=subprocess.PIPE)
                (folder / file).write_bytes(printed.stdout)
            subprocess.run([python, "-c", INSIDE, str(folder)], check=True)
            results = len(json.loads((folder / "report.sarif").read_text())["runs"][0]["results"])
            components = len(json.loads((folder / "bom.cdx.json").read_text())["components"])
            print(f"{assessed}: valid; {results} results, {components} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
