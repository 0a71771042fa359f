//! How long each step took the last time, so that whoever waits knows for how long.
//!
//! `.tools/times` has one line for each name: the seconds, a blank, the name. Invariant: nothing
//! depends on it. A file that is missing or cannot be read is a file without times.

use crate::sh;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// What to say beside the name of something that begins: how long it took the last time, or else
/// how many minutes it takes on two cores; zero minutes are not worth a word.
pub fn outlook(name: &str, about_minutes: u32) -> String {
    match (last(name), about_minutes) {
        (Some(time), _) => format!(" (last time {})", sh::seconds(time)),
        (None, 0) => String::new(),
        (None, 1) => " (about a minute)".to_string(),
        (None, minutes) => format!(" (about {minutes} minutes)"),
    }
}

pub fn last(name: &str) -> Option<Duration> {
    find(&fs::read_to_string(path()).ok()?, name)
}

/// Two that write at the same moment lose one figure at most: the file is replaced as a whole.
pub fn keep(name: &str, time: Duration) {
    let file = path();
    let text = fs::read_to_string(&file).unwrap_or_default();
    let fresh = file.with_extension("new");
    let folder = file.parent().expect("the file lies in a folder");
    let _ = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&fresh, with(&text, name, time)))
        .and_then(|()| fs::rename(&fresh, &file));
}

fn path() -> PathBuf {
    sh::root().join(".tools/times")
}

fn find(text: &str, name: &str) -> Option<Duration> {
    let mut entries = text.lines().filter_map(|line| line.split_once(' '));
    let (seconds, _) = entries.find(|(_, of)| *of == name)?;
    Duration::try_from_secs_f64(seconds.parse().ok()?).ok()
}

fn with(text: &str, name: &str, time: Duration) -> String {
    let is_other = |line: &&str| line.split_once(' ').is_some_and(|(_, of)| of != name);
    let mut lines: Vec<String> = text.lines().filter(is_other).map(str::to_owned).collect();
    lines.push(format!("{:.1} {name}", time.as_secs_f64()));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_time_of_a_name_replaces_the_one_before() {
        let text = with("", "tests: lagoon", Duration::from_secs(61));
        let text = with(&text, "tests: xtask", Duration::from_millis(2_500));
        let text = with(&text, "tests: lagoon", Duration::from_secs(40));
        assert_eq!(text, "2.5 tests: xtask\n40.0 tests: lagoon\n");
        assert_eq!(find(&text, "tests: lagoon"), Some(Duration::from_secs(40)));
        assert_eq!(find(&text, "tests"), None);
    }

    #[test]
    fn what_is_no_time_is_dropped_without_a_word() {
        for text in ["", "x page\n", "page", "-3 page", "NaN page", "\n\n"] {
            assert_eq!(find(text, "page"), None, "{text}");
            let mended = with(text, "page", Duration::from_secs(9));
            assert_eq!(
                find(&mended, "page"),
                Some(Duration::from_secs(9)),
                "{text}"
            );
        }
    }
}
