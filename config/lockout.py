"""After too many wrong passwords nobody gets in for a while: for one account, and from one address.

Counted in the shared cache by places: whoever tries takes one *before* the password is looked at, so that a hundred
tries at once get no further than five. Names that exist and names that do not are counted alike.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from config.client_address import neighbourhood
from config.limits import take_place

SECONDS = 15 * 60
PER_ACCOUNT = 5
PER_ADDRESS = 20  # several people share the address of an office


@dataclass(frozen=True)
class Counter:
    """The tries for one account or from one address."""

    name: str
    limit: int

    @property
    def key(self):
        return f"log-in:{hashlib.sha256(self.name.encode()).hexdigest()}"

    @property
    def places(self):
        return [f"{self.key}:{number}" for number in range(self.limit)]

    def take(self):
        """The key of a free place, taken; None where there is none or the door is shut."""
        found = cache.get_many([f"{self.key}:shut", *self.places])
        if f"{self.key}:shut" in found:
            return None
        return take_place(self.places, found, SECONDS)

    def fail(self):
        """Keep the place; shut the door if it was the last one. Returns whether it is shut now."""
        if len(cache.get_many(self.places)) < self.limit:
            return False
        cache.set(f"{self.key}:shut", 1, SECONDS)
        cache.delete_many(self.places)
        return True


@dataclass(frozen=True)
class Try:
    """One try to log in, between taking its places and its outcome."""

    account: Counter
    address: Counter
    place: str  # of the address

    def failed(self):
        """Returns whether the account or the address is shut out from now on."""
        return any([self.account.fail(), self.address.fail()])

    def succeeded(self):
        """The account begins anew; the address gets back this one place, or one good account would open the door."""
        cache.delete_many([*self.account.places, self.place])


def begin(username, address):
    """Take places for a try, or return None where it has to be refused unseen."""
    account = Counter(f"account:{username}", PER_ACCOUNT)
    from_address = Counter(f"address:{neighbourhood(address)}", PER_ADDRESS)
    place = from_address.take()
    if place is None:
        return None
    if account.take() is None:
        cache.delete(place)
        return None
    return Try(account, from_address, place)
