"""HTTP routes of the page's own documents and assets, with their cache headers."""

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from reddots_app.ui.assets import Asset, assets, assets_by_url, compressed, static
from reddots_app.ui.pages import Pages

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_HTML: Final = "text/html; charset=utf-8"
_PATHS: Final = {"/": "check", "/about": "about", "/glass-test": "glass", "/kept": "kept"}
_COLOUR: Final = "#b91c1c"


def add_routes(site: FastAPI, pages: Pages) -> None:
    """Add every route but Gradio's to ``site``."""
    for path, tab in _PATHS.items():
        site.add_api_route(path, _document(pages, tab), methods=["GET", "HEAD"])
    site.add_api_route("/health", lambda: {"status": "ok"}, methods=["GET", "HEAD"])
    site.add_api_route("/assets/{name}", _asset, methods=["GET", "HEAD"])
    site.add_api_route("/favicon.ico", _icon, methods=["GET", "HEAD"])
    site.add_api_route("/service-worker.js", _service_worker, methods=["GET", "HEAD"])
    site.add_api_route("/manifest.webmanifest", _manifest(pages), methods=["GET", "HEAD"])


def _document(pages: Pages, tab: str) -> Callable[[Request], Response]:
    def document(request: Request) -> Response:
        query, accept = request.query_params, request.headers.get("accept-language", "")
        visitor = pages.visitor(accept, query.get("language", ""), query.get("country", ""))
        body = pages.render(tab, visitor).encode()
        return _sent(request, Asset("", _HTML, body, compressed(body)), {})

    return document


def _asset(request: Request, name: str) -> Response:
    asset = assets_by_url().get(f"/assets/{name}")
    if asset is None:
        return Response("There is nothing here.", 404)
    return _sent(request, asset, {"cache-control": _FOR_EVER})


def _icon(request: Request) -> Response:
    return _sent(request, assets()["icon-32.png"], {"cache-control": "public, max-age=86400"})


def _service_worker(request: Request) -> Response:
    """Serve the worker with the addresses of this version's files written in."""
    files = [*_PATHS, assets()["page.js"].url, assets()["icon-192.png"].url]
    body = static("service-worker.js").replace("FILES", str(files).replace("'", '"')).encode()
    asset = Asset("", "text/javascript; charset=utf-8", body, compressed(body))
    return _sent(request, asset, {})


def _manifest(pages: Pages) -> Callable[[Request], JSONResponse]:
    def manifest(request: Request) -> JSONResponse:
        texts = pages.texts_for(request.headers.get("accept-language", ""))
        icons = [
            {
                "src": assets()[f"icon-{side}.png"].url,
                "sizes": f"{side}x{side}",
                "type": "image/png",
            }
            for side in (192, 512)
        ]
        content = {
            "name": texts.frame.title,
            "short_name": texts.frame.title,
            "description": texts.frame.tagline,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": _COLOUR,
            "background_color": "#ffffff",
            "icons": icons,
        }
        return JSONResponse(content, media_type="application/manifest+json")

    return manifest


def _sent(request: Request, asset: Asset, headers: dict[str, str]) -> Response:
    zipped = asset.gzipped and "gzip" in request.headers.get("accept-encoding", "")
    told = {**headers, "vary": "accept-encoding"}
    if zipped:
        told["content-encoding"] = "gzip"
    return Response(asset.gzipped if zipped else asset.body, 200, told, asset.kind)
