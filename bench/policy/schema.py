#!/usr/bin/env python3
"""Validates policies with the JSON Schema that `jinmen policy schema` prints.

Usage: bench/policy/schema.py PROGRAM

Every policy of corpus/ and rules/ and of the documentation is accepted; each broken variant of one below is refused.
Needs jsonschema (MIT) and PyYAML (MIT). Exit 1 on a difference.
"""

import copy
import json
import pathlib
import re
import subprocess
import sys

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent


class Loader(yaml.SafeLoader):
    """YAML 1.2 as JSON knows it: days stay texts, and so does 45:55."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":int", ":float"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
NUMBERS = {"int": r"[-+]?[0-9]+", "float": r"[-+]?[0-9]+\.[0-9]+"}
for tag, pattern in NUMBERS.items():
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^{pattern}$"), list("-+0123456789"))

# What is changed, by its path in the last example of the documentation, and to what; None takes it away.
BROKEN = [
    (["policy"], None),
    (["clauses"], None),
    (["clauses"], []),
    (["zzz"], 1),
    (["status"], "perhaps"),
    (["in_force"], {"since": "2024-01-01"}),
    (["facts", "cost"], {"type": "money"}),
    (["facts", "receipts"], {"type": "receipts"}),
    (["facts", "score"], {}),
    (["facts", "score"], {"type": "integer"}),
    (["facts", "score"], {"type": "int", "registry": "annual_revenue"}),
    (["facts", "score"], {"registry": "revenue_of_mars"}),
    (["facts", "score", "minimum"], 1),
    (["parameters", "pot"], {"values": []}),
    (["parameters", "pot", "values", 0, "from"], None),
    (["parameters", "pot", "values", 0, "value"], 5),
    (["clauses", 0, "id"], None),
    (["clauses", 0, "cases"], None),
    (["clauses", 0, "cases"], []),
    (["clauses", 0, "conditions"], None),
    (["clauses", 0, "conditions", 0, "zh"], None),
    (["clauses", 0, "conditions", 0, "when"], True),
    (["clauses", 0, "amount"], 5),
    (["clauses", 0, "instalments"], 0),
    (["clauses", 0, "instalments"], []),
    (["clauses", 0, "tables"], {"t": {"by": "cost", "rows": []}}),
    (["clauses", 0, "tables"], {"t": {"by": "cost", "rows": [{"in": "5", "value": "wan(1)"}]}}),
    (["clauses", 0, "tables"], {"t": {"by": "cost", "rows": [{"in": "[, )", "is": ["a"], "value": "wan(1)"}]}}),
    (["clauses", 0, "once", "zh"], None),
    (["clauses", 0, "once", "years"], 0),
    (["clauses", 0, "best", "by"], None),
    (["clauses", 0, "best", "ties"], "some"),
    (["clauses", 0, "cases", 0, "as_of"], None),
    (["clauses", 0, "cases", 0, "eligible"], "maybe"),
    (["clauses", 0, "cases", 0, "amount"], "much"),
    (["clauses", 0, "cases", 0, "expected"], 1),
    (["limits", 0, "exclusive"], ["P1"]),
    (["limits", 0, "exclusive"], None),
    (["limits", 0, "cap"], "wan(1)"),
    (["budgets", 0, "short"], "whatever"),
    (["budgets", 0, "short"], "in_order"),
    (["budgets", 0, "by"], "score"),
    (["cohort_cases", 0, "members"], None),
]


def broken(policy, path, value):
    """The policy with one place changed."""
    policy = copy.deepcopy(policy)
    at = policy
    for key in path[:-1]:
        at = at[key]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return policy


def main():
    schema = json.loads(subprocess.run([sys.argv[1], "policy", "schema"], check=True, capture_output=True).stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    texts = {str(path): path.read_text() for folder in ("corpus", "rules") for path in sorted((HERE / folder).glob("*.yaml"))}
    for language in ("en", "zh"):
        page = HERE.parent.parent / "docs" / language / "policy-language.md"
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", page.read_text(), re.S)):
            texts[f"{page} {number + 1}"] = block
    wrong = 0
    for name, text in texts.items():
        policy = yaml.load(text, Loader)
        for error in validator.iter_errors(policy):
            wrong += 1
            print(f"{name}: refused: {error.json_path}: {error.message}")
    for path, value in BROKEN:
        if validator.is_valid(broken(policy, path, value)):
            wrong += 1
            print(f"accepted: {path} = {value!r}")
    print(f"{len(texts)} policies, {len(BROKEN)} broken variants, {wrong} wrong")
    sys.exit(1 if wrong else 0)


main()
