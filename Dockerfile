# The shop's image. Docs: docs/containers.md; why it is made like this: docs/decisions/0070-the-container-takes-an-empty-folder.md.
# tests/deploy plays these steps on this machine's root file system and runs what they make.
ARG BASE=python:3.12-slim-trixie

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements-postgres.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python3 -m venv /opt/hanout/venv \
 && /opt/hanout/venv/bin/python -m pip install --no-compile --only-binary=:all: --require-hashes \
    -r requirements-postgres.lock
COPY pyproject.toml README.md LICENSE .env.example ./
COPY deploy/systemd/hanout.service deploy/systemd/
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY locales locales
# Nothing is installed in a container that runs, so pip and setuptools stay here. The bytecode is not compared with the
# times of its sources, which a copy may change: without it every start and every health check takes seconds.
RUN /opt/hanout/venv/bin/python -m pip install --no-compile --no-deps --no-build-isolation . \
 && /opt/hanout/venv/bin/python -m pip uninstall --yes setuptools pip \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/hanout/venv/lib

FROM ${BASE}
# pg_dump must not be older than the server that it copies: deploy/compose.postgresql.yaml has the same number.
ARG POSTGRESQL=17
# A version of the package is gone from Debian's servers as soon as the next one is there.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends "postgresql-client-${POSTGRESQL}" \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/log/apt /var/log/dpkg.log
RUN groupadd --gid 10001 hanout \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /opt/hanout --shell /usr/sbin/nologin hanout \
 && install -d -o 10001 -g 10001 -m 0700 /opt/hanout/data
COPY --from=build /opt/hanout/venv /opt/hanout/venv
COPY --chmod=0755 deploy/image/hanout deploy/image/hanout-health /opt/hanout/bin/
ENV PATH=/opt/hanout/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONSAFEPATH=1 \
    WATCH_LISTEN=127.0.0.1:9464
WORKDIR /opt/hanout
LABEL org.opencontainers.image.title="Hanout" \
      org.opencontainers.image.description="A Telegram shop for gift-card codes" \
      org.opencontainers.image.licenses="MIT"
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
VOLUME ["/opt/hanout/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=120s --retries=4 CMD ["hanout-health"]
CMD ["hanout", "run"]
