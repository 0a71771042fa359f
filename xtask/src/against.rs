//! Another revision of this repository, checked out and built beside this tree, to be measured
//! against it: `cargo xtask bench --against REV`.
//!
//! It lies in `target/against/`, a git worktree that stays there for the next time. It is built as
//! it was written: with its own toolchain, lock file, profiles and, for the page, its own xtask.
//!
//! Invariant: it has a target folder and a `dist` of its own. In a shared one cargo would take the
//! packages of the two trees for each other.

use crate::sh::{self, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Revision {
    /// As git shortens its hash.
    pub name: String,
    pub root: PathBuf,
}

/// What cargo tells us of our own build, and where ours is to be put: none of it holds there.
const OURS_ONLY: [&str; 5] = [
    "CARGO",
    "CARGO_MANIFEST_DIR",
    "CARGO_TARGET_DIR",
    "DIST",
    "RUSTUP_TOOLCHAIN",
];

impl Revision {
    /// Checks it out, unless it is there already.
    pub fn check_out(revision: &str) -> Result<Revision> {
        let root = sh::root();
        let commit = format!("{revision}^{{commit}}");
        let hash = git(&root, &["rev-parse", "--verify", "--quiet", &commit])
            .ok_or_else(|| format!("`{revision}` is no revision that git knows here"))?;
        let name = git(&root, &["rev-parse", "--short", &hash]).ok_or("git shortens no hash")?;
        let there = Revision {
            root: sh::target_dir().join("against").join(&name),
            name,
        };
        if !there.root.join(".git").exists() {
            // Forced, because git may remember a folder that `cargo clean` has removed.
            let mut add = sh::command("git");
            add.args(["worktree", "add", "--force", "--detach", "--quiet"]);
            sh::run(add.arg(&there.root).arg(&hash))?;
        }
        there.is_untouched(&hash)?;
        Ok(there)
    }

    /// What is measured must be what its name says.
    fn is_untouched(&self, hash: &str) -> Result {
        let head = git(&self.root, &["rev-parse", "HEAD"]);
        let changes = git(&self.root, &["status", "--porcelain"]);
        if head.as_deref() == Some(hash) && changes.as_deref() == Some("") {
            return Ok(());
        }
        let folder = self.root.display();
        Err(format!(
            "{folder} is not {} as it was committed; remove it with: \
             git worktree remove --force {folder}",
            self.name
        ))
    }

    /// Whether this tree has the same file or folder.
    pub fn has_the_same(&self, path: &str) -> bool {
        let asks = ["diff", "--quiet", &self.name, "--", path];
        git(&sh::root(), &asks).is_some()
    }

    /// A command that starts in its root, and finds our tools where they are the ones it asks for.
    pub fn command(&self, program: &str) -> Result<Command> {
        let tools = sh::root().join(".tools/bin");
        let path = sh::path_with(&tools)?;
        let mut command = sh::command(program);
        command.current_dir(&self.root).env("PATH", path);
        for name in OURS_ONLY {
            command.env_remove(name);
        }
        Ok(command)
    }

    pub fn build_page(&self) -> Result {
        sh::run(self.command("cargo")?.args(["xtask", "build"]))
    }

    pub fn dist_dir(&self) -> PathBuf {
        self.root.join("dist")
    }
}

/// What git prints; `None` if it fails.
fn git(folder: &Path, args: &[&str]) -> Option<String> {
    sh::output(sh::command("git").current_dir(folder).args(args))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cargo reads the settings of every folder above a package, and this tree is above the other
    /// revision: it would be built by our settings instead of its own.
    #[test]
    fn our_settings_of_cargo_say_nothing_of_how_to_build() {
        let settings = std::fs::read_to_string(sh::root().join(".cargo/config.toml")).unwrap();
        let tables = settings.lines().filter(|line| line.starts_with('['));
        assert_eq!(tables.collect::<Vec<_>>(), ["[alias]"]);
    }

    #[test]
    fn what_git_does_not_know_is_refused_by_its_name() {
        let error = Revision::check_out("no-such-revision").err().unwrap();
        assert!(error.contains("`no-such-revision`"), "{error}");
    }

    #[test]
    fn the_other_revision_is_not_told_where_ours_is_built() {
        let there = Revision {
            name: "abc".into(),
            root: sh::root().join("target/against/abc"),
        };
        let command = there.command("cargo").unwrap();
        assert_eq!(command.get_current_dir(), Some(&*there.root));
        let unset = |name: &str| {
            command
                .get_envs()
                .any(|(own, to)| own == name && to.is_none())
        };
        assert!(OURS_ONLY.iter().all(|name| unset(name)));
    }
}
