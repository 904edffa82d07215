# Paperboy in a container: not root, nothing written but in /data, its health looked at. docs/operating.md tells how to run it.
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv /opt/paperboy \
    && /opt/paperboy/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt . \
    && /opt/paperboy/bin/python -m compileall -q /opt/paperboy/lib

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin paperboy \
    && install -d -m 0700 -o 10001 -g 10001 /data
COPY --from=build /opt/paperboy /opt/paperboy
ENV PATH=/opt/paperboy/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PAPERBOY_DATABASE_URL=sqlite:////data/paperboy.db \
    PAPERBOY_HEALTH_PORT=9464
USER 10001:10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9464/livez', timeout=4)"]
ENTRYPOINT ["paperboy"]
CMD ["run"]
