# The API, the worker and the migrations in one image. It holds no database and no Redis: name yours (docs/operations.md).

FROM python:3.11-slim-bookworm AS build
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1
RUN ["pip", "install", "--no-cache-dir", "uv>=0.13.9,<0.14"]
WORKDIR /build
# What others made changes seldom and is a layer of its own; what we made comes on top, as a wheel and not as a link.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN ["uv", "sync", "--locked", "--no-dev", "--no-install-project"]
COPY service service
COPY integrations integrations
COPY graphql graphql
RUN ["uv", "sync", "--locked", "--no-dev", "--no-editable"]

FROM python:3.11-slim-bookworm
RUN ["useradd", "--system", "--uid", "10001", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "remit"]
COPY --from=build /build/.venv /build/.venv
ENV PATH=/build/.venv/bin:$PATH PYTHONUNBUFFERED=1 REMIT_LOG=json
USER remit
WORKDIR /
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
ENTRYPOINT ["remit"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
