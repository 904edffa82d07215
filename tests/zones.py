"""Every zone of the time zone database, for those who hold their rules to all of them."""

from zoneinfo import available_timezones

ZONES = sorted(each for each in available_timezones() if each != "localtime" and not each.startswith("SystemV/"))
