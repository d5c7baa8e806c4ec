"""What users of proxmoxer change, on a cluster of its own. Prints `ok NAME` or `not ok NAME: WHY` for each."""

from door import by_password, by_token, end
from write_containers import containers
from write_files import backups, files
from write_settings import settings
from write_vms import templates, vms

vms(by_password())
templates(by_token())
containers(by_token())
backups(by_password())
files(by_password())
settings(by_token())
end()
