//! `lagoon lessons` checks a course; `lagoon pages` writes what the page fetches of it.
//!
//! Invariant: a course with a slip is told, whole, and never written.

use crate::pages;
use crate::puzzle::{self, Share};
use crate::{NOT_MET, Outcome, UNUSABLE, answer, text_of, utf8};
use lagoon::lesson::{Course, Lesson, Slip, Source, course, differences};
use lagoon::scenario::gallery;
use lexopt::{Arg, Parser};
use serde::Serialize;
use serde_json::json;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where a course stands unless something else is said.
const HOME: &str = "lessons";

/// Of which all others are translations.
const ORIGINAL: &str = "en";

/// A longer file is no lesson.
const BYTES: u64 = 200_000;

/// More files are no course.
const FILES: usize = 200;

pub fn lessons(mut args: Parser) -> Outcome {
    let (mut from, mut as_json, mut key) = (None, false, None);
    while let Some(arg) = args.next().map_err(text_of)? {
        match arg {
            Arg::Long("json") => as_json = true,
            Arg::Long("key") => key = Some(utf8(args.value().map_err(text_of)?)?),
            Arg::Value(value) if from.is_none() => from = Some(utf8(value)?),
            other => return Err(text_of(other.unexpected())),
        }
    }
    let courses = courses(Path::new(from.as_deref().unwrap_or(HOME)))?;
    if let Some(id) = key {
        let all = courses.iter().flat_map(|(course, _)| &course.lessons);
        let one = all.into_iter().find(|lesson| lesson.id == id);
        return answer(&key_of(one.ok_or(format!("there is no lesson `{id}`"))?)?);
    }
    let slips: Vec<&Slip> = courses.iter().flat_map(|(_, slips)| slips).collect();
    let told = match as_json {
        true => {
            json!({
                "courses": courses.iter().map(|(course, _)| course).collect::<Vec<_>>(),
                "slips": slips,
            })
            .to_string()
                + "\n"
        }
        false => summary(&courses),
    };
    for slip in &slips {
        eprintln!("{slip}");
    }
    answer(&told)?;
    Ok(match slips.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(NOT_MET),
    })
}

fn summary(courses: &[(Course, Vec<Slip>)]) -> String {
    let mut out = String::new();
    for (course, slips) in courses {
        for lesson in &course.lessons {
            let minutes = lesson.minutes;
            let bets = lesson
                .pages
                .iter()
                .filter(|page| page.bet.is_some())
                .count();
            let tasks = lesson
                .pages
                .iter()
                .filter(|page| page.task.is_some())
                .count();
            let Lesson { id, title, .. } = lesson;
            let _ = writeln!(
                out,
                "{id:24} {minutes} min, {} pages, {bets} bets, {tasks} tasks  {title}",
                lesson.pages.len()
            );
        }
        let (lessons, slips) = (course.lessons.len(), slips.len());
        let _ = writeln!(out, "{}: {lessons} lessons, {slips} slips", course.language);
    }
    out
}

/// A link for each student, and the answer to each.
fn key_of(lesson: &Lesson) -> Result<String, String> {
    let Some(puzzle) = &lesson.teacher.puzzle else {
        return Err(format!("`{}` has no puzzle", lesson.id));
    };
    let mut out = String::new();
    for Share {
        number,
        link,
        answer,
    } in puzzle::shares(puzzle)
    {
        let _ = writeln!(out, "{number:2}  {answer}\n    {link}");
    }
    Ok(out)
}

pub fn pages(mut args: Parser) -> Outcome {
    let (mut to, mut from) = (None, None);
    while let Some(arg) = args.next().map_err(text_of)? {
        match arg {
            Arg::Long("from") => from = Some(utf8(args.value().map_err(text_of)?)?),
            Arg::Value(value) if to.is_none() => to = Some(utf8(value)?),
            other => return Err(text_of(other.unexpected())),
        }
    }
    let to = PathBuf::from(to.ok_or("where to? lagoon pages DIR")?);
    let courses = courses(Path::new(from.as_deref().unwrap_or(HOME)))?;
    let mut slips = courses.iter().flat_map(|(_, slips)| slips).peekable();
    if slips.peek().is_some() {
        slips.for_each(|slip| eprintln!("{slip}"));
        return Ok(ExitCode::from(UNUSABLE));
    }
    scenarios(&to.join("scenarios")).map_err(|error| error.to_string())?;
    let (name, card) = pages::front();
    fs::write(to.join(name), card).map_err(|error| error.to_string())?;
    for (course, _) in &courses {
        write(&to.join(HOME).join(&course.language), course).map_err(|error| error.to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The pages, and the same as JSON: an index, and one for each lesson.
fn write(folder: &Path, course: &Course) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let row = |lesson: &Lesson| {
        json!({
            "id": lesson.id,
            "title": lesson.title,
            "minutes": lesson.minutes,
            "idea": lesson.idea,
            "pages": lesson.pages.len(),
        })
    };
    let index = json!({
        "language": course.language,
        "lessons": course.lessons.iter().map(row).collect::<Vec<_>>(),
        "glossary": course.glossary,
        "inventory": course.inventory,
    });
    put(&folder.join("index.json"), &index)?;
    site(folder, &pages::index(course))?;
    site(&folder.join("questions"), &pages::questions(course))?;
    for (nth, lesson) in course.lessons.iter().enumerate() {
        put(&folder.join(format!("{}.json", lesson.id)), lesson)?;
        let own = folder.join(&lesson.id);
        site(&own, &pages::lesson(course, nth))?;
        if let Some(riddle) = &lesson.teacher.puzzle {
            let about = puzzle::About {
                language: &course.language,
                lesson,
                riddle,
            };
            site(&own.join("puzzle"), &puzzle::page(&about))?;
            site(&own.join("puzzle/key"), &puzzle::key(&about))?;
        }
    }
    Ok(())
}

/// A page for each scenario of the gallery, and their list.
fn scenarios(folder: &Path) -> std::io::Result<()> {
    site(folder, &pages::scenarios())?;
    for text in gallery::GALLERY {
        let (slug, own) = pages::scenario(text);
        site(&folder.join(slug), &own)?;
    }
    Ok(())
}

/// A folder that is a page, with its pictures.
fn site(folder: &Path, own: &pages::Site) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("index.html"), &own.html)?;
    for (name, picture) in &own.pictures {
        fs::write(folder.join(name), picture)?;
    }
    Ok(())
}

fn put(path: &Path, value: &impl Serialize) -> std::io::Result<()> {
    fs::write(path, serde_json::to_string(value)? + "\n")
}

/// The courses below a folder: one for each language, or the folder itself.
fn courses(home: &Path) -> Result<Vec<(Course, Vec<Slip>)>, String> {
    let entries = entries(home)?;
    let folders = entries.iter().filter(|path| path.is_dir());
    let mut languages: Vec<&Path> = folders.map(PathBuf::as_path).collect();
    if languages.is_empty() {
        languages.push(home);
    }
    let read = |folder: &Path| {
        let language = folder.file_name().unwrap_or_default().to_string_lossy();
        Ok(course(&language, &sources(folder)?))
    };
    let read: Result<Vec<_>, String> = languages.into_iter().map(read).collect();
    let mut courses = read?;
    let original = courses
        .iter()
        .find(|(course, _)| course.language == ORIGINAL);
    if let Some((original, _)) = original.cloned() {
        for (translation, slips) in &mut courses {
            slips.extend(differences(&original, translation));
        }
    }
    Ok(courses)
}

fn sources(folder: &Path) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for path in entries(folder)? {
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let length = fs::metadata(&path).map_err(|error| fault(&error))?.len();
        if length > BYTES {
            return Err(fault(&"longer than 200 KB, which is not read"));
        }
        sources.push(Source {
            text: fs::read_to_string(&path).map_err(|error| fault(&error))?,
            path: path.to_string_lossy().into_owned(),
        });
    }
    match sources.len() {
        0 => Err(format!("{}: there is no lesson in it", folder.display())),
        1..=FILES => Ok(sources),
        _ => Err(format!("{}: more than {FILES} files", folder.display())),
    }
}

/// What stands in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let fault = |error: std::io::Error| format!("{}: {error}", folder.display());
    let read = fs::read_dir(folder).map_err(fault)?;
    let mut paths = Vec::new();
    for entry in read {
        paths.push(entry.map_err(fault)?.path());
    }
    paths.sort();
    Ok(paths)
}
