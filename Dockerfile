# One image; the command chooses the part: vcp gateway | projector | archivist | crosscheck | migrate | secrets.
# The console is built apart: Node stays out of what runs.
FROM python:3.11-slim AS console
WORKDIR /app
COPY services/console/requirements.txt .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY schemas schemas
COPY services services
RUN pip install --no-deps --no-build-isolation --editable .

FROM python:3.11-slim

RUN useradd --system --user-group --no-create-home vcp \
    && install --directory --owner vcp --group vcp --mode 0700 \
        /var/lib/vcp/owner /var/lib/vcp/projector /var/lib/vcp/gateway /var/lib/vcp/archivist /var/lib/vcp/crosscheck \
        /var/lib/vcp/nats-users
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

COPY requirements.txt .
RUN pip install --require-hashes --requirement requirements.txt

COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY schemas schemas
COPY services services
COPY --from=console /app/services/console/dist services/console/dist
COPY migrations migrations
COPY drills drills
# What builds the project is among the hashed requirements, so nothing else is fetched here.
RUN pip install --no-deps --no-build-isolation --editable . \
    && python -m compileall -q schemas services

USER vcp
EXPOSE 8080
CMD ["vcp", "gateway"]
