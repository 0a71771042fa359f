//! The built page: Trunk compiles it, this module finishes it.
//!
//! Trunk leaves in `dist/` an index.html, the wasm, its glue and the assets, all with hashed names.
//! Then, in this order:
//! 1. the glue is told where the later module of the wasm is (`split/` has cut it off), and what it
//!    and the wasm give each other gets short names;
//! 2. the style sheets become one file, in the order in which index.html lists them: each would
//!    hold up the first paint by a request of its own;
//! 3. inline scripts (Trunk's boot script) move to a file, so that the policy needs no exception;
//! 4. the policy goes in front of everything that it governs;
//! 5. esbuild makes the scripts and the styles smaller;
//! 6. the command line writes the pages of the course, and `preview/` their link cards.
//!
//! Invariant: every address in the page is relative, so `dist/` runs from any sub-path.

use crate::sh::{self, Result};
use crate::test;
use crate::tools;
use crate::wasm;
use std::fs;
use std::path::{Path, PathBuf};

/// What a cold visit to `/` may fetch without a click, in bytes after brotli at level 11.
/// `cargo xtask test` fails above it. A ratchet: it is raised for speed that is
/// worth it, and for nothing else.
pub const BUDGET_BYTES: u32 = 104_300;
/// Where the site will stand, with a slash at its end: link cards need the whole address of their
/// picture. Not needed for anything else.
const SITE: &str = "LAGOON_SITE";

/// As strict as both browsers allow. `'wasm-unsafe-eval'` allows compiling wasm, and no `eval`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; base-uri 'none'; form-action 'none'";

/// The page carries a standard library of its own, built for size, in which a panic is one trap
/// and carries no words: a tenth of the whole page. The three switches are not stable yet, so the
/// compiler, which is pinned, is told to take them. `static/broken.js` shows what a trap means.
const STD_FOR_SIZE: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        // The relocations tell the split which code needs which.
        "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none \
         -Clink-arg=--emit-relocs",
    ),
];

/// The command line writes the pages of the course, and `preview` draws the link cards.
const COURSE: [&[&str]; 2] = [
    &["--package", "lagoon", "--bin", "lagoon"],
    &["--package", "preview"],
];

/// Builds the page and shows what it weighs.
pub fn build() -> Result {
    test::make_page()?;
    sh::step("size", || {
        // Too large is for `test` to refuse; a page too large can still be looked at.
        weigh().unwrap_or_else(|warning| println!("    warning: {warning}"));
        Ok(())
    })
}

/// Compiles the wasm as Trunk will ask for it, so that Trunk finds it compiled: this needs no tool,
/// and may run while the tools are installed.
pub fn compile() -> Result {
    tools::wasm_target()?;
    tools::rust_src()?;
    let mut build = sh::cargo("build --target wasm32-unknown-unknown --profile web");
    build
        .args(["--bin", "lagoon-web", "--features", "ui"])
        .env_remove("RUSTFLAGS")
        .envs(STD_FOR_SIZE);
    sh::run(&mut build)
}

/// Compiles what `course` runs, each for itself, as it is run: two packages that are built together
/// could share other features.
pub fn compile_course() -> Result {
    for package in COURSE {
        sh::run(sh::cargo("build --profile tool").args(package))?;
    }
    Ok(())
}

/// Compiles and finishes the page.
pub fn make() -> Result {
    tools::wasm_target()?;
    tools::rust_src()?;
    tools::node_modules()?;
    let trunk = tools::TRUNK.path()?;
    let wasm_bindgen = tools::WASM_BINDGEN.path()?;
    let split = sh::target_dir().join("split");
    let stand_in = stand_in(&split.join("bin"))?;
    let mut build = sh::command(trunk);
    build
        .args(["build", "--release", "--skip-version-check", "--dist"])
        .arg(sh::dist_dir());
    // Trunk looks for its tools on the PATH, and reads NO_COLOR=1 as a mistake.
    build
        .env("PATH", path_with(&stand_in)?)
        .env("WASM_BINDGEN", wasm_bindgen)
        .env("SPLIT_TO", &split)
        .env_remove("NO_COLOR")
        .env_remove("RUSTFLAGS")
        .envs(STD_FOR_SIZE);
    sh::run(&mut build)?;
    finish(&sh::dist_dir(), &split)?;
    course(&sh::dist_dir())
}

/// The pages of the course, written by the command line: their runs are computed natively. Each
/// has a picture for link cards.
fn course(dist: &Path) -> Result {
    let [command_line, cards] = COURSE;
    let run = || sh::cargo("run --quiet --profile tool");
    sh::run(run().args(command_line).args(["--", "pages"]).arg(dist))?;
    sh::run(run().args(cards).arg("--").arg(dist))?;
    let Ok(site) = std::env::var(SITE) else {
        return Ok(());
    };
    let front = dist.join("index.html");
    let card = format!("{site}preview.png");
    write(&front, &read(&front)?.replace("preview.png", &card))
}

/// A program that Trunk takes for wasm-bindgen, and that splits the wasm before the real one.
fn stand_in(folder: &Path) -> Result<PathBuf> {
    sh::run(&mut sh::cargo("build --quiet --package split"))?;
    let suffix = std::env::consts::EXE_SUFFIX;
    let built = sh::target_dir().join(format!("debug/split{suffix}"));
    let named = folder.join(format!("wasm-bindgen{suffix}"));
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(&built, &named))
        .map_err(|error| format!("{}: {error}", named.display()))?;
    Ok(named)
}

/// Prints every file that a cold visit fetches, and fails above the budget.
pub fn weigh() -> Result {
    let mut node = sh::command("node");
    node.arg("e2e/size.mjs")
        .arg(sh::dist_dir())
        .arg(BUDGET_BYTES.to_string());
    sh::run(&mut node).map_err(|_| format!("the page is above {BUDGET_BYTES} bytes"))
}

/// The built page fetches nothing from another host: what its text shows of that. (The browser
/// tests watch the requests themselves.)
pub fn no_other_host() -> Result {
    let found = foreign_addresses(&sh::dist_dir())?;
    if found.is_empty() {
        return Ok(());
    }
    Err(format!("the page names other hosts:\n{}", found.join("\n")))
}

fn path_with(tool: &Path) -> Result<std::ffi::OsString> {
    let folder = tool.parent().unwrap_or(tool).to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|error| format!("cannot extend the PATH: {error}"))
}

fn finish(dist: &Path, split: &Path) -> Result {
    let index = dist.join("index.html");
    let html = read(&index)?;
    let html = join_later(&without_comments(&html), dist, split)?;
    let html = bundle_styles(&html, dist)?;
    let html = move_scripts(&html, dist)?;
    write(&index, &with_policy(&html)?)?;
    minify(dist)
}

fn with_policy(html: &str) -> Result<String> {
    let head = html
        .find("<head")
        .and_then(|at| Some(at + html[at..].find('>')? + 1));
    let at = head.ok_or("index.html has no <head>")?;
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">");
    Ok(format!("{}{meta}{}", &html[..at], &html[at..]))
}

/// Puts the later module into the page, and its loader into the glue, which asks for no file more.
///
/// The glue names the later module, so it is named anew by all that it holds: what belongs to two
/// builds never meets in a cache.
fn join_later(html: &str, dist: &Path, split: &Path) -> Result<String> {
    let link = tags(html, "link").into_iter();
    let mut glue = link.filter(|tag| attribute(tag, "rel") == Some("modulepreload"));
    let glue = glue.next().and_then(|tag| attribute(tag, "href"));
    let glue = glue.ok_or("no glue is preloaded")?.trim_start_matches("./");
    let wasm = split.join("split_later.wasm");
    let bytes = fs::read(&wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
    let later = format!("later-{}.wasm", content_hash(&bytes));
    let whole = with_loader(
        &read(&dist.join(glue))?,
        &read(&split.join("later.js"))?,
        &later,
    )?;
    let first = html
        .split(['"', '\''])
        .find(|part| part.ends_with("_bg.wasm"));
    let first = dist.join(
        first
            .ok_or("no wasm is preloaded")?
            .trim_start_matches("./"),
    );
    let told = |error| format!("{}: {error}", first.display());
    let (short, whole) = wasm::shorten(&fs::read(&first).map_err(told)?, &whole)?;
    fs::write(&first, short).map_err(told)?;
    let name = format!("lagoon-{}.js", content_hash(whole.as_bytes()));
    write(&dist.join(&name), &whole)?;
    let told = |error| format!("{}: {error}", wasm.display());
    fs::write(dist.join(&later), bytes).map_err(told)?;
    fs::remove_file(dist.join(glue)).map_err(told)?;
    Ok(html.replace(glue, &name))
}

/// The glue with the loader in the place of its import.
fn with_loader(glue: &str, loader: &str, later: &str) -> Result<String> {
    let missing = |what: &str| format!("the glue or the loader has no `{what}`: is a tool newer?");
    let swap = |text: &str, from: &str, to: &str| match text.matches(from).count() {
        1 => Ok(text.replace(from, to)),
        _ => Err(missing(from)),
    };
    let (_, loader) = loader
        .split_once("main.js\";")
        .ok_or_else(|| missing("main.js"))?;
    // A file of another type is compiled too: not every host knows wasm.
    let streamed = "WebAssembly.instantiateStreaming(src, imports)";
    let fetched = "WebAssembly.instantiate(await (await src).arrayBuffer(), imports)";
    let loader = swap(loader, streamed, fetched)?;
    let loader = swap(&loader, "./split_later.wasm", &format!("./{later}"))?;
    let loader = swap(&loader, "export const", "const")?;
    let glue = swap(glue, "import * as import1 from \"./later.js\"", "")?;
    let glue = swap(
        &glue,
        "\"./later.js\": import1",
        "\"./later.js\": { __wasm_split_load_later }",
    )?;
    Ok(glue + &loader)
}

fn without_comments(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        out.push_str(&rest[..start]);
        rest = rest[start..]
            .split_once("-->")
            .map_or("", |(_, after)| after);
    }
    out + rest
}

/// Puts one link to one sheet where the first link was. A sheet for some media only stays apart.
fn bundle_styles(html: &str, dist: &Path) -> Result<String> {
    let is_sheet = |tag: &str| attribute(tag, "rel") == Some("stylesheet");
    let links: Vec<&str> = tags(html, "link")
        .into_iter()
        .filter(|tag| is_sheet(tag) && attribute(tag, "media").is_none())
        .collect();
    let mut css = String::new();
    for link in &links {
        let name = attribute(link, "href").ok_or_else(|| format!("no href in {link}"))?;
        let sheet = dist.join(name);
        css.push_str(&read(&sheet)?);
        fs::remove_file(&sheet).map_err(|error| format!("{}: {error}", sheet.display()))?;
    }
    let Some(first) = links.first() else {
        return Ok(html.to_owned());
    };
    let name = format!("style-{}.css", content_hash(css.as_bytes()));
    write(&dist.join(&name), &css)?;
    let bundle = format!("<link rel=\"stylesheet\" href=\"./{name}\">");
    let html = html.replacen(first, &bundle, 1);
    Ok(links[1..]
        .iter()
        .fold(html, |html, link| html.replacen(link, "", 1)))
}

/// Drops what the browser does not need from the scripts and the styles.
fn minify(dist: &Path) -> Result {
    let small = |file: &PathBuf| {
        let kind = file.extension().and_then(|kind| kind.to_str());
        matches!(kind, Some("js" | "css"))
    };
    let files = files_below(dist)?.into_iter().filter(small);
    let mut esbuild = sh::command("node_modules/.bin/esbuild");
    esbuild.args(["--minify", "--allow-overwrite", "--log-level=warning"]);
    let mut outdir = std::ffi::OsString::from("--outdir=");
    outdir.push(dist);
    sh::run(esbuild.args(files).arg(outdir))
}

fn move_scripts(html: &str, dist: &Path) -> Result<String> {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        let body = start + rest[start..].find('>').ok_or("a script tag does not end")? + 1;
        let end = body
            + rest[body..]
                .find("</script>")
                .ok_or("a script does not end")?;
        let (tag, code) = (&rest[start..body], rest[body..end].trim());
        out.push_str(&rest[..start]);
        if code.is_empty() {
            out.push_str(&rest[start..end]);
        } else {
            let name = format!("boot-{}.js", content_hash(code.as_bytes()));
            write(&dist.join(&name), code)?;
            let kind = attribute(tag, "type").map(|kind| format!("type=\"{kind}\" "));
            out.push_str(&format!(
                "<script {}src=\"./{name}\">",
                kind.unwrap_or_default()
            ));
        }
        rest = &rest[end..];
    }
    Ok(out + rest)
}

/// FNV-1a: the name changes when the content does, which is all that a cache asks.
fn content_hash(content: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", content.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

/// The opening tags of this name, as they stand in the text.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    html.match_indices(&open)
        .filter(|(at, _)| html[at + open.len()..].starts_with([' ', '\n', '\t', '>']))
        .filter_map(|(at, _)| html[at..].find('>').map(|end| &html[at..=at + end]))
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = [' ', '\n', '\t']
        .iter()
        .find_map(|gap| tag.find(&format!("{gap}{name}=\"")))?;
    tag[start + name.len() + 3..].split('"').next()
}

fn foreign_addresses(dist: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in files_below(dist)? {
        let kind = file
            .extension()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let name = file
            .strip_prefix(dist)
            .unwrap_or(&file)
            .display()
            .to_string();
        for fetched in fetched_addresses(&kind, &file)? {
            let address = fetched.trim();
            if is_address(address) {
                found.push(format!("{name}: {address}"));
            }
        }
    }
    Ok(found)
}

/// What loading this file makes a browser fetch. A link that a person may follow is no fetch.
fn fetched_addresses(kind: &str, file: &Path) -> Result<Vec<String>> {
    let fetching = [
        "script", "img", "iframe", "source", "video", "audio", "embed", "image", "use",
    ];
    let mut addresses = Vec::new();
    match kind {
        "html" | "svg" => {
            let text = read(file)?;
            let links = tags(&text, "link").into_iter();
            let links = links.filter(|tag| attribute(tag, "rel") != Some("canonical"));
            let others = fetching.iter().flat_map(|name| tags(&text, name));
            for tag in links.chain(others) {
                let sources = ["src", "href", "srcset"].iter();
                addresses.extend(
                    sources
                        .filter_map(|name| attribute(tag, name))
                        .map(str::to_owned),
                );
            }
        }
        "css" => {
            let text = read(file)?;
            for after in text
                .split("url(")
                .skip(1)
                .chain(text.split("@import").skip(1))
            {
                let address = after.trim_start_matches([' ', '"', '\'']);
                addresses.push(
                    address
                        .split([')', '"', '\'', ';'])
                        .next()
                        .unwrap_or("")
                        .into(),
                );
            }
        }
        "js" | "mjs" => {
            let text = read(file)?;
            // Only what stands in quotes: the glue's comments name pages of documentation.
            let quoted = |quote: char| text.split(quote).filter(|piece| is_address(piece));
            let hosts = ['"', '\'', '`'].into_iter().flat_map(quoted);
            // The names of namespaces look like addresses, and nobody fetches them.
            let fetched = hosts.filter(|host| !host.starts_with("http://www.w3.org/"));
            addresses.extend(fetched.map(str::to_owned));
        }
        _ => {}
    }
    Ok(addresses)
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "ws://", "wss://", "//"]
        .iter()
        .any(|start| text.starts_with(start))
        && !text.contains(char::is_whitespace)
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries.filter_map(std::result::Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path)?)
        } else {
            files.push(path)
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("lagoon-xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn the_policy_stands_in_front_of_what_it_governs() {
        let html =
            with_policy("<html><head lang=\"en\"><script src=\"a\"></script></head>").unwrap();
        assert!(html.find("Content-Security-Policy").unwrap() < html.find("<script").unwrap());
        assert!(html.starts_with("<html><head lang=\"en\"><meta http-equiv"));
        assert!(with_policy("<html></html>").is_err());
    }

    #[test]
    fn the_loader_stands_in_the_glue() {
        let glue = "import * as import1 from \"./later.js\"\nlet i = { \"./later.js\": import1 };";
        let loader = "import { initSync } from \"./main.js\";\nexport const \
            __wasm_split_load_later = \"./split_later.wasm\" + \
            WebAssembly.instantiateStreaming(src, imports)";
        let whole = with_loader(glue, loader, "later-1.wasm").unwrap();
        assert!(
            !whole.contains("import *") && !whole.contains("export"),
            "{whole}"
        );
        assert!(whole.contains("{ __wasm_split_load_later }") && whole.contains("./later-1.wasm"));
        assert!(with_loader(glue, "other", "later-1.wasm").is_err());
        assert!(with_loader("other", loader, "later-1.wasm").is_err());
    }

    #[test]
    fn sheets_are_joined_in_their_order() {
        let dist = scratch("styles");
        fs::write(dist.join("a-1.css"), "a { color: red }\n").unwrap();
        fs::write(dist.join("b-2.css"), "b { color: red }\n").unwrap();
        fs::write(dist.join("p.css"), "p {}\n").unwrap();
        let html = "<link rel=\"stylesheet\" href=\"./b-2.css\" integrity=\"x\"/>\
             <link rel=\"icon\" href=\"i.svg\"><link rel=\"stylesheet\" href=\"./a-1.css\"/>\
             <link rel=\"stylesheet\" media=\"print\" href=\"p.css\">";
        let html = bundle_styles(html, &dist).unwrap();
        let sheets = tags(&html, "link");
        assert_eq!(sheets.len(), 3, "{html}");
        let bundle = attribute(sheets[0], "href").unwrap();
        let css = fs::read_to_string(dist.join(bundle)).unwrap();
        assert_eq!(css, "b { color: red }\na { color: red }\n");
        assert!(!dist.join("a-1.css").exists() && dist.join("p.css").exists());
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn inline_scripts_move_to_files() {
        let dist = scratch("scripts");
        let html =
            "<script type=\"module\">\nimport './a.js'\n</script><script src=\"b.js\"></script>";
        let html = move_scripts(html, &dist).unwrap();
        let name = attribute(&html, "src").unwrap().to_owned();
        assert_eq!(
            fs::read_to_string(dist.join(&name)).unwrap(),
            "import './a.js'"
        );
        let expect = format!(
            "<script type=\"module\" src=\"{name}\"></script><script src=\"b.js\"></script>"
        );
        assert_eq!(html, expect);
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn other_hosts_are_found() {
        let dist = scratch("hosts");
        let file = |name: &str, text: &str| fs::write(dist.join(name), text).unwrap();
        file(
            "a.html",
            "<a href=\"https://a.example\">x</a><script src=\"//b.example/x.js\">",
        );
        file("b.css", "a { background: url('https://c.example/i.png') }");
        file(
            "c.js",
            "const ns = \"http://www.w3.org/2000/svg\"; fetch(\"https://d.example/\") // https://e.example/",
        );
        let found = foreign_addresses(&dist).unwrap();
        let expect = [
            "a.html: //b.example/x.js",
            "b.css: https://c.example/i.png",
            "c.js: https://d.example/",
        ];
        assert_eq!(found, expect);
        fs::remove_dir_all(dist).unwrap();
    }
}
