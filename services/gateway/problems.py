"""The expected refusals: each a class with its status, each answered as a problem document (RFC 9457)."""

from collections.abc import Sequence

# Those that reading finds are the gateway's too.
from services.reading.problems import CONTENT_TYPE as CONTENT_TYPE
from services.reading.problems import Fault as Fault
from services.reading.problems import Malformed as Malformed
from services.reading.problems import NotAcceptable as NotAcceptable
from services.reading.problems import Problem as Problem
from services.reading.problems import TooLarge as TooLarge


class SignIn(Problem):
    status, kind, title = 401, "sign-in", "A valid token is needed"

    def __init__(self) -> None:
        super().__init__(
            "Send `Authorization: Bearer <token>`; `vcp agency add` makes one. Officers sign in at /console/.",
            headers={"WWW-Authenticate": "Bearer"},
        )


class NameOrPasswordWrong(Problem):
    status, kind, title = 401, "name-or-password", "Name or password is wrong"

    def __init__(self) -> None:
        super().__init__(
            "Nobody signs in with these. Who runs the command post can give you another password: `vcp officer reset`.",
            headers={"WWW-Authenticate": "Bearer"},
        )


class NotBegunHere(Problem):
    status, kind, title = 400, "sign-in-over", "This sign-in is over, or was not begun in this browser"

    def __init__(self) -> None:
        super().__init__("Begin again at /console/; a sign-in holds for ten minutes and once.")


class ProviderRefused(Problem):
    status, kind, title = 401, "provider-refused", "The identity provider did not confirm who you are"

    def __init__(self, detail: str) -> None:
        super().__init__(f"{detail} Begin again at /console/.", headers={"WWW-Authenticate": "Bearer"})


class NoOfficer(Problem):
    status, kind, title = 403, "no-officer", "The identity provider knows you, and this command post does not"

    def __init__(self) -> None:
        super().__init__("Ask who runs the command post to add you: `vcp officer add NAME --subject SUBJECT`.")


class FromElsewhere(Problem):
    status, kind, title = 403, "from-elsewhere", "This was not sent by a page of the command post"

    def __init__(self) -> None:
        super().__init__("Who is signed in by a cookie repeats `mark` of GET /v1/session in Vcp-Session-Mark.")


class NotYoursToPost(Problem):
    status, kind, title = 403, "not-yours-to-post", "This is not yours to post"


class NotFound(Problem):
    status, kind, title = 404, "not-found", "There is nothing here for you"

    def __init__(self) -> None:
        super().__init__("It does not exist, or it is not for you.")


class NoSuchMetric(Problem):
    status, kind, title = 404, "not-found", "No metric has this name"

    def __init__(self, near: Sequence[str]) -> None:
        names = f"The nearest names: {', '.join(near)}." if near else "All that are listed: GET .../figures."
        super().__init__(f"{names} Parts and families are written metric.part.")


class MethodNotAllowed(Problem):
    status, kind, title = 405, "method-not-allowed", "This address does not do that"


class NotAcceptableMedia(Problem):
    status, kind, title = 406, "media-type", "None of the accepted forms can be given"


class IdAlreadyUsed(Problem):
    status, kind, title = 409, "id-already-used", "Another report has this id"

    def __init__(self) -> None:
        super().__init__("This agency and source posted other content under this id; the first stands. Use a new id.")


class AlreadyDecided(Problem):
    status, kind, title = 409, "already-decided", "Somebody has decided already"

    def __init__(self) -> None:
        super().__init__("The decision stands until whoever took it takes it back.")


class OnHold(Problem):
    status, kind, title = 409, "on-hold", "It must be kept"

    def __init__(self) -> None:
        super().__init__("Its review keeps it as evidence, until a later review decides otherwise.")


class CircleOfPairs(Problem):
    status, kind, title = 409, "circle-of-pairs", "These records would stand for each other"

    def __init__(self) -> None:
        super().__init__(
            "By other decisions the side that you give up stands for the one that you keep. Keep the other side, or "
            "have one of those decisions undone."
        )


class CodeTaken(Problem):
    status, kind, title = 409, "code-taken", "Another operation has this code"

    def __init__(self) -> None:
        super().__init__("A code names one operation for ever; choose another.")


class OperationClosed(Problem):
    status, kind, title = 409, "operation-closed", "The operation takes no new facts"


class ChangedMeanwhile(Problem):
    status, kind, title = 412, "changed-meanwhile", "It changed since you saw it"

    def __init__(self, etag: str) -> None:
        super().__init__("Read it again, and send the current ETag in If-Match.", headers={"ETag": etag})


class UnsupportedMedia(Problem):
    status, kind, title = 415, "media-type", "This form is not accepted"


class TooSlow(Problem):
    status, kind, title = 408, "too-slow", "This takes too long"


class HeadTooLarge(Problem):
    status, kind, title = 431, "too-large", "This is too large"


class VersionNeeded(Problem):
    status, kind, title = 428, "version-needed", "Say which version you saw"

    def __init__(self) -> None:
        super().__init__("Send the thing's ETag in If-Match, or as the extension `ifmatch` in a batch.")


class OurFault(Problem):
    status, kind, title = 500, "our-fault", "The gateway met a fault of its own"

    def __init__(self) -> None:
        super().__init__("It was noted, without what was posted. A post may be sent again with the same id.")


class TryAgain(Problem):
    """What may pass by itself; its detail says what to do until then."""

    def __init__(self, detail: str, *, seconds: int = 1) -> None:
        super().__init__(detail, headers={"Retry-After": str(seconds)})


class SlowDown(TryAgain):
    status, kind, title = 429, "slow-down", "Too many requests"


class SignInUnavailable(TryAgain):
    status, kind, title = 503, "sign-in-unavailable", "Whether the token is valid cannot be told now"


class NotStarted(TryAgain):
    status, kind, title = 503, "not-started", "The gateway waits for its log or its database"


class LogIsUnavailable(TryAgain):
    status, kind, title = 503, "log-unavailable", "The log cannot be written now"


class OutcomeIsUnknown(TryAgain):
    status, kind, title = 503, "outcome-unknown", "It is not known whether this was stored"


class PictureUnavailable(TryAgain):
    status, kind, title = 503, "picture-unavailable", "The picture cannot be read now"


class LedgerIsUnavailable(TryAgain):
    status, kind, title = 503, "ledger-unavailable", "The disclosure ledger cannot be written now"


class PictureBehind(TryAgain):
    status, kind, title = 503, "picture-behind", "The picture has not come so far"
