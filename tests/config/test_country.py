"""The file of the country: who gives out which numbers."""

from phonenumbers.carrierdata import CARRIER_DATA

from config.country import country


def test_the_carriers_are_those_of_the_library_that_reads_numbers():
    own = country()

    told = {f"+{prefix}": own_names["en"] for prefix, own_names in CARRIER_DATA.items() if prefix.startswith("62")}

    assert {prefix: own.carriers[code] for prefix, code in own.prefixes.items()} == told
