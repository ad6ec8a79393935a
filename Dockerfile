FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/union-catalog
ENV PATH=/opt/union-catalog/bin:$PATH
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY union_catalog union_catalog
COPY loaders loaders
COPY indexers indexers
COPY api api
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/union-catalog --create-home union-catalog
COPY --from=build /opt/union-catalog /opt/union-catalog
ENV PATH=/opt/union-catalog/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    UNION_CATALOG_HOME=/var/lib/union-catalog
USER union-catalog
VOLUME /var/lib/union-catalog
EXPOSE 8000
ENTRYPOINT ["union-catalog"]
CMD ["serve", "--host", "0.0.0.0"]
