// A static host in miniature: serves the built page to the tests and to `cargo xtask serve`.
//
//   node e2e/server.mjs dist --port 8080 --base /some/sub/path/
//
// It behaves like the simplest host that the page must run on: right types, nothing cached, and
// open to pages that embed it in a sandboxed frame (those need Access-Control-Allow-Origin: *).
// Other hosts can be had by asking: one that lets browsers keep files, or one that is not open.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".lagoon": "text/plain; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * Serves `dist` under `base` on 127.0.0.1 and resolves to `{ url, origin, close }`.
 * Port 0 takes a free one. `pages` maps further paths to HTML: a test's own embedding pages.
 * A page that is `isolated` from all others is given a clock of 5 us instead of 100.
 * `hold` may return a promise for an address, which is answered when that is kept; `pause` one that
 * is awaited between the head of a page and its body; `policy` is a content policy beside the page's
 * own. Without `worker` no service worker is installed, and that of an earlier visit is removed.
 */
export async function startServer({ dist, base = "/", port = 0, pages = {}, hold = () => {}, pause = () => {}, cache = "no-store", open = true, isolated = false, policy, worker = false }) {
  const root = resolve(dist);
  const server = createServer(async (request, response) => {
    await hold(request.url);
    const { status, type, body } = await answer({ root, base, pages, worker }, request);
    response.writeHead(status, {
      "Content-Type": type,
      "Content-Length": body.length,
      "Cache-Control": cache,
      ...(isolated && ISOLATED),
      ...(open && { "Access-Control-Allow-Origin": "*" }),
      "X-Content-Type-Options": "nosniff",
      ...(policy && { "Content-Security-Policy": policy }),
    });
    if (request.method === "HEAD") return response.end();
    const head = Math.max(0, body.indexOf("<body"));
    response.write(body.subarray(0, head));
    await pause(request.url);
    response.end(body.subarray(head));
  });
  await new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", done);
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  const close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return { url: origin + base, origin, close };
}

const NO_WORKER = fileURLToPath(new URL("../static/no-sw.js", import.meta.url));
/** By this the page knows that it has a worker to install. */
const OFFLINE = ' data-offline="sw.js"';

async function answer({ root, base, pages, worker }, request) {
  if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "GET or HEAD only");
  let path;
  try {
    path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  } catch {
    return plain(400, "not an address");
  }
  if (path in pages) return { status: 200, type: TYPES[".html"], body: Buffer.from(pages[path]) };
  if (!path.startsWith(base)) return plain(404, "not found");

  const name = path.slice(base.length);
  const file = join(root, name === "" || name.endsWith("/") ? `${name}index.html` : name);
  if (file !== root && !file.startsWith(root + sep)) return plain(404, "not found");
  try {
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    if (!worker && name === "sw.js") return { status: 200, type, body: await readFile(NO_WORKER) };
    const body = await readFile(file);
    const page = !worker && file === join(root, "index.html");
    return { status: 200, type, body: page ? Buffer.from(`${body}`.replace(OFFLINE, "")) : body };
  } catch {
    return plain(404, "not found");
  }
}

function plain(status, text) {
  return { status, type: TYPES[".txt"], body: Buffer.from(`${text}\n`) };
}

async function main([dist = "dist", ...options]) {
  const option = (name, fallback) => {
    const at = options.indexOf(name);
    return at < 0 ? fallback : options[at + 1];
  };
  const port = Number(option("--port", "8080"));
  try {
    const { url } = await startServer({ dist, base: option("--base", "/"), port });
    console.log(`==> serving ${dist}\n    ${url}\n    Ctrl-C stops it`);
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    console.error(`error: port ${port} is in use. Take another: cargo xtask serve --port ${port + 1}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
