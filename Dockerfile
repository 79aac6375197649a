# One image for every role: the argument picks it, for example `docker run procare worker`. The target `backup` has restic, too.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/procare
COPY requirements.lock /src/
RUN /opt/procare/bin/pip install --require-hashes -r /src/requirements.lock
COPY pyproject.toml README.md LICENSE /app/
COPY bot /app/bot
COPY agents /app/agents
COPY webhooks /app/webhooks
COPY config /app/config
COPY dialogs /app/dialogs
COPY locales /app/locales
# Editable, so that the content folders beside the code are found where a checkout has them.
RUN /opt/procare/bin/pip install --no-deps --no-build-isolation --editable /app \
 && cd /app && /opt/procare/bin/procare lexicon compile \
 && /opt/procare/bin/python -m compileall -q /app /opt/procare

FROM python:3.11-slim-bookworm AS role
RUN groupadd --system --gid 10001 procare \
 && useradd --system --uid 10001 --gid procare --home-dir /data --shell /usr/sbin/nologin procare \
 && install -d -o procare -g procare -m 0700 /data
COPY --from=build /opt/procare /opt/procare
COPY --from=build /app /app
ENV PATH=/opt/procare/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PROCARE_HOST=0.0.0.0 PROCARE_PORT=8080 PROCARE_DATA_DIR=/data
USER procare
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD ["python", "-c", "import os,urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PROCARE_PORT', '8080') + '/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["procare"]
CMD ["serve"]

FROM role AS backup
USER root
RUN apt-get update && apt-get install -y --no-install-recommends restic && rm -rf /var/lib/apt/lists/* \
 && install -d -o procare -g procare -m 0700 /backup
USER procare
VOLUME /backup
HEALTHCHECK NONE
CMD ["backup", "run", "--every", "60"]

# What is built where no target is named.
FROM role
