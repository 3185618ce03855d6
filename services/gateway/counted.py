"""What a gateway process has done, counted for Prometheus; on a port of its own, for it tells of all operations."""

from collections import Counter
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.live import Live
from services.shared.exposition import MEDIA, Family, exposition
from services.shared.status_server import Page, Shown


class Counts:
    """ASGI middleware that counts answers by method and status."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.answers: Counter[tuple[str, int]] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.answers[method, message["status"]] += 1
            await send(message)

        await self._app(scope, receive, counting)


def pages(counts: Counts, live: Live) -> Mapping[str, Page]:
    async def metrics() -> Shown:
        answers = [({"method": method, "status": str(status)}, n) for (method, status), n in counts.answers.items()]
        watching = [({"operation": operation}, n) for operation, n in live.watching().items()]
        families = [
            Family("vcp_gateway_answers_total", "counter", "Answers by method and status.", sorted(answers, key=str)),
            Family("vcp_gateway_live_viewers", "gauge", "Open live streams.", watching),
            Family("vcp_gateway_resyncs_total", "counter", "Viewers who read too slowly.", [({}, live.resyncs)]),
        ]
        return Shown(exposition(families), MEDIA)

    return {"/metrics": metrics}
