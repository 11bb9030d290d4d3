FROM python:3.12-slim
RUN useradd --create-home --uid 10001 hanout
WORKDIR /opt/hanout
COPY requirements-postgres.lock pyproject.toml README.md LICENSE ./
RUN pip install --no-cache-dir --only-binary=:all: --require-hashes -r requirements-postgres.lock
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY locales locales
RUN pip install --no-cache-dir --no-deps --no-build-isolation . && mkdir data && chown hanout data
# Who may reach this port is decided by what publishes it: nothing does by itself.
ENV WATCH_LISTEN=0.0.0.0:9464
USER hanout
VOLUME /opt/hanout/data
CMD ["hanout", "run"]
