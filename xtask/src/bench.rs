//! The benches: native ones in the package `benches`, those of the page in `benches/page`.
//!
//! Nothing here is part of `test`: a time is no verdict on a shared machine.

use crate::sh::{self, Result};
use crate::{page, tools};
use std::path::PathBuf;

pub fn bench(words: &[&str]) -> Result {
    sh::step("native benches", || {
        let mut cargo = sh::cargo("run --release -p lagoon-benches --");
        sh::run(cargo.args(words))
    })?;
    let scripts = page_benches();
    if scripts.is_empty() {
        return Ok(());
    }
    page::build()?;
    sh::step("benches of the page", || {
        tools::node_modules()?;
        let browsers = tools::browsers()?;
        let lighthouse = tools::lighthouse()?;
        for script in &scripts {
            let mut node = sh::command("node");
            node.arg(script).args(words).env("DIST", sh::dist_dir());
            node.env("CHROMIUM", &browsers.chromium)
                .env("FIREFOX", &browsers.firefox);
            // Lighthouse looks for its browser under this name.
            node.env("CHROME_PATH", &browsers.chromium)
                .env("LIGHTHOUSE", &lighthouse);
            sh::run(&mut node)?;
        }
        Ok(())
    })
}

fn page_benches() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(sh::root().join("benches/page"))
        .into_iter()
        .flatten();
    let mut scripts: Vec<PathBuf> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().ends_with(".mjs"))
        .collect();
    scripts.sort();
    scripts
}
