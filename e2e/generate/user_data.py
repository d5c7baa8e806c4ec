"""Holds files of user data against cloud-init's own schema: user_data.py SCHEMA FILE…; a line for each that is wrong."""

import json
import sys

import jsonschema
import yaml

schema_file, *files = sys.argv[1:]
with open(schema_file, encoding="utf-8") as handle:
    validator = jsonschema.Draft4Validator(json.load(handle))
for file in files:
    with open(file, encoding="utf-8") as handle:
        for document in yaml.safe_load_all(handle):
            for error in validator.iter_errors(document):
                print(f"{file}: {'.'.join(map(str, error.absolute_path))}: {error.message}")
