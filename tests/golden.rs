//! Every gallery scenario, as `lagoon run` tells it: its figures, its hash and its words.
//!
//! With `LAGOON_BLESS=1` the files in tests/golden are written anew; a changed hash needs a reason
//! in the commit, because it is a changed link.

use lagoon::run::run;
use lagoon::scenario::{gallery, parse};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn gallery_files() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join("scenarios")).expect("the gallery");
    let mut files: Vec<PathBuf> = folder
        .map(|entry| entry.expect("readable").path())
        .collect();
    files.sort();
    files
}

#[test]
fn the_gallery_tells_its_stories() {
    let bless = std::env::var_os("LAGOON_BLESS").is_some();
    for file in gallery_files() {
        let name = file
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let output = Command::new(env!("CARGO_BIN_EXE_lagoon"))
            .args(["run", "--strict"])
            .arg(&file)
            .output()
            .expect("the binary is built");
        assert_eq!(
            output.status.code(),
            Some(0),
            "{name}: its expectations hold"
        );
        let story = String::from_utf8(output.stdout).expect("a text");
        let golden = root().join("tests/golden").join([&name, ".txt"].concat());
        if bless {
            std::fs::write(&golden, &story).expect("writable");
        }
        let known = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(known, story, "{name}: LAGOON_BLESS=1 writes it anew");
    }
}

#[test]
fn the_gallery_is_whole_and_worth_reading() {
    let files: Vec<String> = gallery_files()
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("a text"))
        .collect();
    assert_eq!(files.len(), gallery::GALLERY.len());
    for text in gallery::GALLERY {
        assert!(files.iter().any(|file| file == text), "{text}");
        let parsed = parse(text);
        assert_eq!(parsed.diagnostics, []);
        assert!(!gallery::title(text).is_empty() && !gallery::teaser(text).is_empty());
        assert!(gallery::teaser(text).len() <= 100, "a teaser is one line");
        assert!(!parsed.expects.is_empty());
        let run = run(&parsed.scenario);
        for claim in &parsed.scenario.expectations {
            assert_eq!(run.judge(claim, run.end()).1, Some(true), "{text}");
        }
    }
}

/// Nobody should take the window for the setting: no wait or window of the first screen is round.
#[test]
fn the_first_screen_has_figures_of_its_own() {
    let run = run(&parse(gallery::GALLERY[0]).scenario);
    let window = run.report.windows[0];
    let (apart, after) = (
        window.apart().expect("applied"),
        window.window().expect("applied"),
    );
    let stale = run.report.views[0].stale();
    for length in [apart, after, stale] {
        let millis = (length.0 + 500) / 1000;
        assert_ne!(millis % 100, 0, "{length}");
        assert_ne!(millis, 300);
    }
    assert!(apart.0 / 1000 != after.0 / 1000 && after.0 / 1000 != stale.0 / 1000);
}
