"""Files of the picture: any list as CSV, XLSX or GeoJSON."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from services.gateway import as_csv, as_geojson, as_xlsx, documented
from services.gateway.asked import Reading
from services.gateway.dependencies import GatewayParts, OperationPath, SeenBy
from services.gateway.downloads import Download, RefusedWithin, gather
from services.gateway.handling import Stamp, stamped

router = APIRouter(prefix="/v1/operations/{operation}/downloads", tags=["picture"])

FORMS: dict[str, tuple[str, Callable[[Download], Iterator[bytes]]]] = {
    "csv": (as_csv.MEDIA, as_csv.written),
    "xlsx": (as_xlsx.MEDIA, as_xlsx.written),
    "geojson": (as_geojson.MEDIA, as_geojson.written),
}


@router.get("/{view:path}.{form}", response_class=Response, responses=documented.DOWNLOAD)
async def get_download(
    operation: OperationPath,
    view: Annotated[str, Path(pattern=r"^[a-z0-9_.+/-]{1,200}$", description="Of any list, as `timeline`.")],
    form: Annotated[str, Path(pattern=r"^(csv|xlsx|geojson)$")],
    viewer: SeenBy,
    gateway: GatewayParts,
    request: Request,
) -> Response:
    """All of a list as a file, with the moment, the filters and the handling codes written in.

    It takes the parameters of the list, but for `limit` and `cursor`: `downloads/timeline.csv?country=BA`.
    """

    async def stamping(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], Stamp]:
        async with gateway.pictures.open(viewer, Reading()) as picture:
            return await stamped(rows, picture)

    shown = {name: request.headers[name] for name in ("authorization", "cookie") if name in request.headers}
    query = request.query_params.multi_items()
    try:
        download = await gather(
            request.app,
            operation,
            view,
            shown=shown,
            purpose=viewer.purpose,
            query=query,
            stamping=stamping,
        )
    except RefusedWithin as refused:
        answer = refused.answer
        headers = {name: answer.headers[name] for name in ("retry-after",) if name in answer.headers}
        return Response(answer.content, answer.status_code, headers, answer.headers["content-type"])
    media, write = FORMS[form]
    moment = download.about.get("as_of", "").replace("-", "").replace(":", "")
    name = "_".join(part for part in (operation, view.replace("/", "-"), moment) if part)
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}.{form}"'}
    headers |= download.stamp.header()
    return StreamingResponse(_chunks(write(download)), media_type=media, headers=headers)


async def _chunks(written: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A page at a time, so that others are served between them."""
    for chunk in written:
        yield chunk
