// Writes one HTML file that needs nothing beside it: the playground, or a lesson with its runs. It
// works from a disk, a mail, or a course system that takes one upload.
//
//   node xtask/src/single.mjs dist single [lesson]
//
// Every script and style stands in the file, under a policy of their hashes; the wasm and, in a
// lesson, the player are packed (static/carried.js unpacks them). LAGOON_SITE is where links lead.

import { buildSync } from "esbuild";
import { hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const COURSE = "lessons/en";
const WASM = "'wasm-unsafe-eval'";
const read = (...path) => readFileSync(join(...path), "utf8");
const minified = (script) =>
  buildSync({ stdin: { contents: script }, minify: true, write: false }).outputFiles[0].text.trim();
const CARRIED = minified(read(fileURLToPath(new URL("../../static/carried.js", import.meta.url))));
const base64 = (name) => readFileSync(name).toString("base64");

const sourceOf = (text) => `'sha256-${hash("sha256", text, "base64")}'`;
const script = (text) => `<script>${text}</script>`;
const packed = (id, content) =>
  `<script type="text/plain" id="${id}">${gzipSync(content, { level: 9 }).toString("base64")}</script>`;

/** The page with `to` in the place of the one place of `from`. */
function replaced(html, from, to) {
  const found = html.match(new RegExp(from.source, `${from.flags}g`)) ?? [];
  if (found.length !== 1) throw new Error(`the page has ${found.length} times ${from}`);
  return html.replace(from, () => to);
}

/** The page under this policy, with its links led to the site, or to nowhere. */
function sealed(html, folder, site, { scripts, styles, more = "" }) {
  const policy = `default-src 'none'; script-src ${scripts.join(" ")}; style-src ${styles.join(" ")}; ` +
    `img-src data:; ${more}base-uri 'none'; form-action 'none'`;
  html = replaced(html, /<html lang="en"/, `<html lang="en" data-site="${site.replaceAll('"', "%22")}"`);
  html = replaced(html, /(?<=<meta http-equiv="Content-Security-Policy" content=")[^"]*/, policy);
  html = html.replace(/<meta (property="og:image|name="twitter:)[^>]*>\n?/g, "");
  html = html.replace(/<link rel="manifest"[^>]*>\n?/, "");
  if (!site) {
    html = html.replace(/<p class="elsewhere">.*?<\/p>|<a class="lessons"[^>]*>.*?<\/a>/gs, "");
    // As the program will call it.
    html = html.replaceAll("Copy link", "Copy text");
  }
  return html.replace(/<a\b([^>]*?) href="(?!#|[a-z]+:)([^"]*)"([^>]*)>(.*?)<\/a>/gs, (_, before, address, after, words) =>
    site ? `<a${before} href="${new URL(posix.join(folder, address), site).href}"${after}>${words}</a>`
      : `<span${before}${after}>${words}</span>`);
}

/** The playground with its gallery and judges, and the scripts and styles that it allows. */
function playground(dist, site) {
  let html = read(dist, "index.html");
  const [whole, glue, wasm, start] =
    /<script data-glue="([^"]*)" data-wasm="([^"]*)"[^>]*>(.*?)<\/script>/s.exec(html);
  const program = buildSync({
    entryPoints: [join(dist, glue)], bundle: true, format: "iife", globalName: "program",
    define: { "import.meta.url": '""' }, minify: true, write: false,
  }).outputFiles[0].text.trim().replaceAll("</script", "<\\/script");
  const style = /<style>(.*?)<\/style>/s.exec(html)[1] + read(dist, "embed.css").trim();
  html = replaced(html, /<style>.*?<\/style>/s, `<style>${style}</style>`);
  html = html.replace(whole, () => script(CARRIED) + script(start));
  html = replaced(html, /<\/body>/, `${script(program)}${packed("wasm", readFileSync(join(dist, wasm)))}</body>`);
  const allowed = { scripts: [...[CARRIED, start, program].map(sourceOf), WASM], styles: [sourceOf(style)] };
  return { html: sealed(html, "", site, allowed), ...allowed };
}

/** A lesson, its pictures in it, and the player that shows its runs. */
function lesson(dist, id, site) {
  const folder = posix.join(COURSE, id);
  const player = playground(dist, site);
  const embed = read(dist, "embed.js").trim();
  // As late as a deferred script: behind embed.js, which waits for the whole page.
  const play = `addEventListener("DOMContentLoaded",()=>{${read(dist, "lesson.js").trim()}});`;
  const style = read(dist, "lesson.css").trim();
  let html = read(dist, folder, "index.html");
  html = replaced(html, /<link rel="stylesheet"[^>]*>/, `<style>${style}</style>`);
  html = replaced(html, /<script src="[^"]*embed\.js" defer><\/script>/, script(CARRIED));
  html = replaced(html, /<script src="[^"]*lesson\.js" defer><\/script>\n?/, "");
  html = html.replace(/(<img\b[^>]*?) src="([^":]*\.svg)"/g, (_, tag, name) =>
    `${tag} src="data:image/svg+xml;base64,${base64(join(dist, folder, name))}"`);
  const end = script(embed) + script(play) + packed("player", player.html);
  html = replaced(html, /<\/body>/, `${end}</body>`);
  // What a page allows binds the frames that it makes by itself.
  return sealed(html, folder, site, {
    scripts: [...new Set([...[CARRIED, embed, play].map(sourceOf), ...player.scripts])],
    styles: [sourceOf(style), ...player.styles],
    more: "frame-src blob:; ",
  });
}

/** The whole file as text; an unknown lesson is an error that names those there are. */
export function single(dist, id, site = "") {
  if (site && !/^https?:\/\/\S+$/.test(site)) throw new Error(`LAGOON_SITE is no address: ${site}`);
  const home = site && !site.endsWith("/") ? `${site}/` : site;
  if (!id) return playground(dist, home).html;
  if (/^[a-z0-9-]+$/.test(id) && existsSync(join(dist, COURSE, `${id}.json`))) return lesson(dist, id, home);
  const lessons = readdirSync(join(dist, COURSE)).filter((name) => /(?<!index)\.json$/.test(name));
  throw new Error(`there is no lesson ${id}. There are:\n${lessons.map((name) => `  ${name.slice(0, -5)}`).join("\n")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [dist, folder, id] = process.argv.slice(2);
  try {
    const html = single(dist, id, process.env.LAGOON_SITE);
    mkdirSync(folder, { recursive: true });
    const name = join(folder, `${id ? `lagoon-${id}` : "lagoon"}.html`);
    writeFileSync(name, html);
    console.log(`    ${name}: ${Math.round(html.length / 1024)} KiB`);
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
