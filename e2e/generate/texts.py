"""Reads the keys of a playbook as Ansible does, templates and all, and tells whether they are those of a file of JSON:
texts.py PLAYBOOK EXPECTED"""

import json
import sys

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

playbook, expected_file = sys.argv[1:]
loader = DataLoader()
variables = loader.load_from_file(playbook, trusted_as_template=True)[0]["vars"]
read = Templar(loader=loader, variables=variables).template(variables["ssh_public_keys"])
with open(expected_file, encoding="utf-8") as handle:
    expected = json.load(handle)
wrong = [(want, got) for want, got in zip(expected, read, strict=True) if want != got]
for want, got in wrong[:5]:
    print(f"{want!r} → {got!r}")
