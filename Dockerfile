# syntax=docker/dockerfile:1
FROM python:3.13-slim AS packages
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
WORKDIR /build
COPY requirements.txt ./
COPY assets assets/
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt


FROM python:3.13-slim
RUN groupadd --system --gid 10001 app \
    && useradd --system --uid 10001 --gid app --home-dir /app --no-create-home --shell /usr/sbin/nologin app \
    && install --directory --owner=app --group=app --mode=0711 /data
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data PORT=8000
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
RUN python -m expense_tracker.translations && python -m compileall -q .
USER app
VOLUME /data
EXPOSE 8000
# Asked under a name that ALLOWED_HOSTS has; without a proxy, whatever the environment says.
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s CMD ["python", "-c", "import os; from urllib.request import ProxyHandler, Request, build_opener; name = os.environ.get('ALLOWED_HOSTS', '').split(',')[0].strip().strip('.*') or 'localhost'; build_opener(ProxyHandler({})).open(Request(f\"http://127.0.0.1:{os.environ['PORT']}/healthz\", headers={'Host': name}), timeout=4)"]
# Refuses to start until HTTPS is on or off, and says why. Needs a DATABASE_URL; see docker-compose.yml.
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
