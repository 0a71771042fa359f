//! The built page: Trunk compiles it, this module finishes it.
//!
//! Trunk leaves in `dist/` an index.html, the wasm, its glue and the assets, all with hashed names;
//! that page works by itself. Then, in this order:
//! 1. esbuild makes the scripts and the styles smaller;
//! 2. the style sheets stand in the page, in the order in which index.html lists them, so that the
//!    first paint waits for no request;
//! 3. static/start.js stands in the page, and fetches the program in place of Trunk's own script;
//! 4. the command line prints the first view into the page;
//! 5. the policy goes in front of everything that it governs, with the hashes of what stands there;
//! 6. the command line writes the pages of the course, `preview/` their link cards and the icons;
//! 7. `offline.mjs` lists all of it for the worker that keeps it for times without a network.
//!
//! Invariant: every address in the page is relative, so `dist/` runs from any sub-path.

use crate::sh::{self, Result};
use crate::test;
use crate::tools;
use std::fs;
use std::path::{Path, PathBuf};

/// What a cold visit to `/` may fetch before its first paint, and with the program, in bytes after
/// brotli at level 11. `cargo xtask test` fails above them. Whoever adds raises the second, with
/// the figure in the commit.
const PAINT_BYTES: u32 = 25_000;
const PAGE_BYTES: u32 = 410_000;
/// Where the site will stand, with a slash at its end: link cards need the whole address of their
/// picture, and a single file leads there. Not needed for anything else.
const SITE: &str = "LAGOON_SITE";
/// The names of functions are an eighth of the wasm, and `strip` in a profile leaves them.
/// wasm-bindgen reads the section that is kept.
const NAMES: (&str, &str) = (
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
    "-Clink-arg=--strip-all -Clink-arg=--keep-section=__wasm_bindgen_unstable \
     -Clink-arg=--keep-section=target_features",
);
/// The place of the program in index.html, which the first view is printed into.
const PLACE: &str = "<div id=\"app\">";

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

/// Builds the page, and from it one file that needs nothing beside it: the playground, or a lesson.
pub fn single(lesson: &[&str]) -> Result {
    test::make_page()?;
    sh::step("single file", || {
        let mut node = sh::command("node");
        let dist = sh::dist_dir();
        node.arg("xtask/src/single.mjs").arg(dist).arg("single");
        sh::run(node.args(lesson)).map_err(|_| "no file was written".to_string())
    })
}

/// Compiles the wasm as Trunk will ask for it, so that Trunk finds it compiled: this needs no tool,
/// and may run while the tools are installed.
pub fn compile() -> Result {
    tools::wasm_target()?;
    let mut build = sh::cargo("build --target wasm32-unknown-unknown --profile web");
    build
        .args(["--bin", "lagoon-web", "--features", "ui"])
        .env_remove("RUSTFLAGS")
        .env(NAMES.0, NAMES.1);
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
    tools::node_modules()?;
    let trunk = tools::TRUNK.path()?;
    let wasm_bindgen = tools::WASM_BINDGEN.path()?;
    let mut build = sh::command(trunk);
    build
        .args(["build", "--release", "--skip-version-check", "--dist"])
        .arg(sh::dist_dir());
    // Trunk looks for its tools on the PATH, and reads NO_COLOR=1 as a mistake.
    build
        .env(
            "PATH",
            sh::path_with(wasm_bindgen.parent().unwrap_or(&wasm_bindgen))?,
        )
        .env(NAMES.0, NAMES.1)
        .env_remove("NO_COLOR")
        .env_remove("RUSTFLAGS");
    sh::run(&mut build)?;
    finish(&sh::dist_dir())?;
    course(&sh::dist_dir())?;
    worker(&sh::dist_dir())
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

/// The worker that keeps the page for times without a network, with the list of what it keeps.
fn worker(dist: &Path) -> Result {
    let mut node = sh::command("node");
    sh::run(node.arg("xtask/src/offline.mjs").arg(dist))
}

/// Prints every file that a cold visit fetches, and fails above the budget.
pub fn weigh() -> Result {
    let mut node = sh::command("node");
    node.arg("e2e/size.mjs").arg(sh::dist_dir());
    node.args([PAINT_BYTES, PAGE_BYTES].map(|bytes| bytes.to_string()));
    sh::run(&mut node).map_err(|_| "the page is too large".to_string())
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

fn finish(dist: &Path) -> Result {
    minify(dist)?;
    let index = dist.join("index.html");
    let html = without_comments(&read(&index)?);
    let (html, style) = with_styles(&html, dist)?;
    let (html, script) = with_start(&html, dist)?;
    let html = with_first_view(&html)?;
    write(
        &index,
        &with_policy(&html, &sha256(&style)?, &sha256(&script)?)?,
    )
}

/// As strict as both browsers allow: of what stands in the page itself, only what has these hashes.
/// `'wasm-unsafe-eval'` allows compiling wasm, and no `eval`.
fn with_policy(html: &str, style: &str, script: &str) -> Result<String> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'sha256-{script}' 'wasm-unsafe-eval'; \
         style-src 'self' 'sha256-{style}'; img-src 'self' data:; connect-src 'self'; \
         worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"
    );
    let head = html
        .find("<head")
        .and_then(|at| Some(at + html[at..].find('>')? + 1));
    let at = head.ok_or("index.html has no <head>")?;
    let meta = format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
    Ok(format!("{}{meta}{}", &html[..at], &html[at..]))
}

/// The page with its style sheets in the place of the first link to one, and what stands there.
fn with_styles(html: &str, dist: &Path) -> Result<(String, String)> {
    let is_sheet = |tag: &&str| attribute(tag, "rel") == Some("stylesheet");
    let links: Vec<&str> = tags(html, "link").into_iter().filter(is_sheet).collect();
    let first = links.first().ok_or("index.html has no style sheet")?;
    let mut style = String::new();
    for link in &links {
        style.push_str(&take(dist, attribute(link, "href"))?);
    }
    let html = html.replacen(first, &format!("<style>{style}</style>"), 1);
    let without = |html: String, link: &&str| html.replacen(*link, "", 1);
    Ok((links[1..].iter().fold(html, without), style))
}

/// The page with static/start.js in it, which is told the names of the program's files; Trunk's own
/// script and what it asks for beforehand are gone.
fn with_start(html: &str, dist: &Path) -> Result<(String, String)> {
    let mut html = html.to_string();
    let mut names = Vec::new();
    for (rel, what) in [("modulepreload", "glue"), ("preload", "wasm")] {
        let mut links = tags(&html, "link").into_iter();
        let link = links.find(|tag| attribute(tag, "rel") == Some(rel));
        let link = link.ok_or_else(|| format!("Trunk's page preloads no {what}"))?;
        let name = attribute(link, "href").ok_or_else(|| format!("no href in {link}"))?;
        names.push(format!(" data-{what}=\"{name}\""));
        html = html.replacen(link, "", 1);
    }
    names.push(" data-offline=\"sw.js\"".to_string());
    let boot = element(&html, "<script type=\"module\"").ok_or("Trunk's page starts nothing")?;
    html = html.replacen(&boot, "", 1);
    let script = take(dist, Some("start.js"))?;
    let place = element(&html, "<script src=\"start.js\"").ok_or("no place for start.js")?;
    let start = format!("<script{}>{script}</script>", names.concat());
    Ok((html.replacen(&place, &start, 1), script))
}

/// The page with its first view, as the command line prints it.
fn with_first_view(html: &str) -> Result<String> {
    let mut lagoon = sh::cargo("run --quiet --profile tool --package lagoon --bin lagoon -- front");
    let view = sh::output(&mut lagoon).ok_or("`lagoon front` printed nothing")?;
    match html.matches(PLACE).count() {
        1 => Ok(html.replacen(PLACE, &[PLACE, &view].concat(), 1)),
        _ => Err(format!("index.html has not one {PLACE}")),
    }
}

/// What this file of the built page holds; the file is gone.
fn take(dist: &Path, name: Option<&str>) -> Result<String> {
    let path = dist.join(name.ok_or("a link has no address")?);
    let text = read(&path)?;
    fs::remove_file(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(text.trim().to_string())
}

/// In base64, as a policy wants it.
fn sha256(text: &str) -> Result<String> {
    const HASH: &str = "process.stdout.write(require('node:crypto')\
        .hash('sha256', process.argv[1], 'base64'))";
    let hash = sh::output(sh::command("node").args(["--eval", HASH, "--", text]));
    hash.ok_or_else(|| "node made no hash".to_string())
}

/// The element that begins so, with all that stands in it.
fn element(html: &str, begins: &str) -> Option<String> {
    let start = html.find(begins)?;
    let end = start + html[start..].find("</script>")? + "</script>".len();
    Some(html[start..end].to_string())
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
        let html = "<html><head lang=\"en\"><script src=\"a\"></script></head>";
        let html = with_policy(html, "abc=", "def=").unwrap();
        assert!(html.find("'sha256-abc='").unwrap() < html.find("<script").unwrap());
        assert!(html.starts_with("<html><head lang=\"en\"><meta http-equiv"));
        assert!(with_policy("<html></html>", "", "").is_err());
    }

    #[test]
    fn a_hash_is_written_as_policies_want_it() {
        let hash = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!(sha256("abc").unwrap(), hash);
    }

    #[test]
    fn sheets_are_joined_in_their_order() {
        let dist = scratch("styles");
        fs::write(dist.join("a-1.css"), "a { color: red }\n").unwrap();
        fs::write(dist.join("b-2.css"), "b { color: red }\n").unwrap();
        let html = "<link rel=\"stylesheet\" href=\"./b-2.css\" integrity=\"x\"/>\
             <link rel=\"icon\" href=\"i.svg\"><link rel=\"stylesheet\" href=\"./a-1.css\"/>";
        let (html, style) = with_styles(html, &dist).unwrap();
        let both = "b { color: red }a { color: red }";
        assert_eq!(style, both);
        assert_eq!(
            html,
            format!("<style>{both}</style><link rel=\"icon\" href=\"i.svg\">")
        );
        assert!(!dist.join("a-1.css").exists());
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn the_page_starts_the_program_in_trunks_place() {
        let dist = scratch("start");
        let write = || fs::write(dist.join("start.js"), "go()\n").unwrap();
        write();
        let html = "<script src=\"start.js\"></script>\
             <link rel=\"modulepreload\" href=\"./a.js\"><link rel=\"preload\" href=\"./a.wasm\">\
             <script type=\"module\">import a</script><p>";
        let (started, script) = with_start(html, &dist).unwrap();
        let expect = "<script data-glue=\"./a.js\" data-wasm=\"./a.wasm\" data-offline=\"sw.js\">go()</script><p>";
        assert_eq!((&*started, &*script), (expect, "go()"));
        write();
        assert!(with_start("<script src=\"start.js\"></script>", &dist).is_err());
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
