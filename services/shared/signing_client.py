"""A NATS client that signs in with a key, without the package that nats-py wants for one signature."""

from nats.aio.client import Client

from services.shared.nkeys import UserKey


class SigningClient(Client):
    """Connect it with `nkeys_seed_str`."""

    def _setup_nkeys_connect(self) -> None:
        assert self._nkeys_seed_str is not None
        key = UserKey.read(self._nkeys_seed_str)
        self._public_nkey, self._signature_cb = key.public, key.sign
