// Writes sw.js into the built folder: the list of what it keeps, with the hash of each file, and
// static/sw.js behind it.
//
//   node xtask/src/offline.mjs dist
//
// Pictures for link cards are for others, who fetch them from the host; types are for editors.

import { hash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [dist] = process.argv.slice(2);
const LEFT_OUT = /(^|\/)(preview\.png|sw\.js)$|\.d\.ts$/;

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(join(dist).length + 1).replaceAll("\\", "/"))
  .filter((path) => !LEFT_OUT.test(path))
  .sort()
  .map((path) => [path, `sha256-${hash("sha256", readFileSync(join(dist, path)), "base64")}`]);
const list = JSON.stringify(files);
const version = hash("sha256", list).slice(0, 16);
const worker = readFileSync(new URL("../../static/sw.js", import.meta.url), "utf8");
writeFileSync(join(dist, "sw.js"), `const VERSION = "${version}";\nconst FILES = ${list};\n${worker}`);
console.log(`    ${files.length} files are kept for times without a network`);
