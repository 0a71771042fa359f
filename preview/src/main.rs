//! Link cards: every `preview.svg` below a folder becomes a `preview.png`, which sites and
//! messengers show where somebody gives a link; and the page's `icon.svg` becomes pixels, as what is
//! installed wants it.
//!
//!     preview dist
//!
//! Invariant: the same picture gives the same pixels on every machine, for no font of the machine
//! is looked at.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::{env, fs};

fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else {
        eprintln!("preview FOLDER");
        return ExitCode::from(2);
    };
    let mut count = 0;
    let (folder, options) = (Path::new(&folder), options());
    let drawn = draw_icons(folder, &options);
    match drawn.and_then(|()| draw_all(folder, &options, &mut count)) {
        Ok(()) => {
            println!("{count} previews");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("preview: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Options<'static> {
    let mut faces = Database::new();
    for face in [
        dejavu::sans_condensed::regular(),
        dejavu::sans_condensed::bold(),
    ] {
        faces.load_font_data(face.to_vec());
    }
    // Condensed, because that is as wide as what pages are read in.
    let own = faces.faces().next().map(|face| face.families[0].0.clone());
    let family = own.expect("the face has a name");
    faces.set_sans_serif_family(&family);
    Options {
        font_family: family,
        fontdb: Arc::new(faces),
        ..Options::default()
    }
}

fn draw_all(folder: &Path, options: &Options, count: &mut u32) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            draw_all(&path, options, count)?;
        } else if path.file_name().is_some_and(|name| name == "preview.svg") {
            draw(&path, "preview.png", 1.0, options)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            fs::remove_file(&path)?;
            *count += 1;
        }
    }
    Ok(())
}

/// Draws a picture of lines as pixels beside it, under this name, so many times as large.
fn draw(path: &Path, name: &str, scale: f32, options: &Options) -> Result<(), Box<dyn Error>> {
    let tree = Tree::from_data(&fs::read(path)?, options)?;
    let size = tree.size().to_int_size().scale_by(scale).ok_or("no size")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("no size")?;
    let scaled = Transform::from_scale(scale, scale);
    resvg::render(&tree, scaled, &mut pixels.as_mut());
    pixels.save_png(path.with_file_name(name))?;
    Ok(())
}

/// The icons of an installed page; a folder without `icon.svg` has none.
fn draw_icons(folder: &Path, options: &Options) -> Result<(), Box<dyn Error>> {
    let icon = folder.join("icon.svg");
    if icon.is_file() {
        draw(&icon, "icon-512.png", 1.0, options)?;
        draw(&icon, "icon-192.png", 0.375, options)?;
    }
    Ok(())
}
