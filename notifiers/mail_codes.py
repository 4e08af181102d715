"""What enhanced status codes of mail servers mean for us, in a reply and in a report of what came back.

RFC 3463 and its registry (https://www.iana.org/assignments/smtp-enhanced-status-codes). The lists say which codes give
an address up and which mean our own fault; a code that is not listed harms neither an address nor the channel.
"""

DEAD = frozenset(
    {
        "5.1.1",  # there is no such mailbox
        "5.1.2",  # there is no such domain
        "5.1.3",  # the address breaks the rules of addresses
        "5.1.6",  # the mailbox has moved, nobody says where to
        "5.1.10",  # the domain says that it takes no mail (RFC 7505)
    }
)
"""This address, now or later. Not 5.2.1: a mailbox that is disabled or suspended today is opened again tomorrow."""

OURS = frozenset(
    {
        "5.1.7",  # our sender's address breaks the rules
        "5.1.8",  # our sender's domain is not known
        "5.7.8",  # our password is wrong (RFC 4954)
        "5.7.9",  # the way we log in is too weak (RFC 4954)
        "5.7.11",  # it wants TLS (RFC 4954)
        "5.7.13",  # our account is disabled (RFC 5248)
        "5.7.14",  # it does not trust whoever vouches for us (RFC 5248)
        "5.7.20",  # no good DKIM signature (RFC 7372, as to 5.7.26)
        "5.7.21",
        "5.7.22",
        "5.7.23",  # our server may not send for our domain (SPF)
        "5.7.24",
        "5.7.25",  # our server's own name does not hold
        "5.7.26",
        "5.7.27",  # our sender's domain says that it takes no mail (RFC 7505)
        "5.7.60",  # Exchange: this account may not send as this sender
    }
)
"""Whoever the recipient: our sender, our login, or our right to send by this server."""

VAGUE = frozenset({"", "5.0.0", "5.1.0", "5.7.0", "5.7.1", "4.0.0", "4.1.0", "4.7.0", "4.7.1"})
"""Codes that leave open whose fault it is: the words beside them may say that it is ours, never that an address is
dead. RFC 3463 gives 5.7.1 to relaying, to senders and to content alike."""
