//! The stage: one instant of the run, on the left what the shoppers see, on the right what is
//! really stored.
//!
//! ```text
//!   moment   what holds at the playhead: a fold of the trace
//!   frame    where everything stands, by the room, the shoppers and the copies
//!   devices  the left half; stored  the right half; flights  the messages between them
//! ```
//!
//! A scene is a list of marks in order of painting, grouped into parts, and apart from them what
//! can be pressed. Invariants: the same run, shoppers, moment and shape give the same scene;
//! at most [`FLIGHTS`] messages are drawn, and a sentence says so where there are more.

mod broken;
mod devices;
pub mod drawn;
mod flights;
pub mod frame;
pub mod moment;
mod stored;

pub use flights::{Course, FLIGHTS, Flight, Label};
pub use frame::Shape;

use crate::history::ServiceId;
use crate::playground::{Menu, Target};
use crate::shop::{Line, Name, Op};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::spacetime::room;
use crate::view::words::narrator::{self, Narration};
use crate::view::words::scene as words;
use frame::Frame;
use moment::Moment;

/// The picture of one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub width: i32,
    pub height: i32,
    /// What has just happened.
    pub said: Narration,
    /// What the picture shows, for those who do not see it.
    pub sentence: String,
    /// Below everything: the ground and the links.
    pub ground: Vec<Part>,
    /// The messages on their way; their labels are painted last.
    pub flights: Vec<Flight>,
    /// Devices, services, databases, names.
    pub parts: Vec<Part>,
    /// What each shopper can press, in the order of the stage.
    pub panels: Vec<Panel>,
    /// What can be broken or mended by pressing it.
    pub handles: Vec<Control>,
    /// There is room for one more shopper.
    pub add_shopper: Option<Control>,
    /// Some messages are left out of the picture.
    pub note: Option<String>,
    /// Nothing has happened in the whole run.
    pub is_empty: bool,
}

/// Marks that belong together, around a point of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Unlike that of every other part of the scene.
    pub key: String,
    pub class: &'static str,
    pub state: &'static str,
    pub at: (i32, i32),
    pub marks: Vec<Mark>,
}

/// One thing that is painted.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Text {
        x: i32,
        y: i32,
        class: &'static str,
        words: Words,
    },
    Rect {
        place: Place,
        radius: i32,
        class: &'static str,
        hatch: bool,
    },
    Path {
        d: String,
        class: &'static str,
    },
    Icon {
        x: i32,
        y: i32,
        icon: &'static str,
    },
}

/// A text, perhaps with whole milliseconds in it that run with the playhead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub before: String,
    pub count: Option<Count>,
    pub after: String,
}

/// Milliseconds since or until a moment, and how many they are now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// `since` or `until`.
    pub glide: &'static str,
    pub moment: SimTime,
    pub millis: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub x: i32,
    pub y: i32,
    pub w: i32,
    pub h: i32,
}

/// One shopper's controls, around the corner of the device.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    pub client: Name,
    pub person: String,
    pub at: (i32, i32),
    pub controls: Vec<Control>,
    /// Lines of the cart, for controls that stand below the stage: the label and its controls.
    pub lines: Vec<(String, Vec<Control>)>,
    /// Where a menu may stand: above this, as wide as this.
    pub(in crate::view) room: Place,
    pub(in crate::view) copies: u8,
    /// What can be bought.
    pub(in crate::view) stock: Vec<Line>,
    /// Whether its choices have room for `Service 2`, and not just for `s2`.
    pub(in crate::view) full: bool,
}

/// Something that can be pressed.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    pub key: String,
    pub place: Place,
    /// What stands on it: a text, or else an icon.
    pub label: String,
    pub icon: &'static str,
    /// What it is called where it is not seen.
    pub name: String,
    /// It was pressed, and its answer has not come.
    pub pressed: bool,
    pub press: Press,
}

/// What pressing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    Shop { client: Name, op: Op, to: ServiceId },
    AddShopper,
    Open(Name, Menu),
    Break(Target),
}

/// An open menu.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    pub title: &'static str,
    pub place: Place,
    pub controls: Vec<Control>,
}

/// As many shoppers as the stage holds.
pub const SHOPPERS: usize = 8;

impl Scene {
    /// The stage with these shoppers, at `now`.
    pub fn at(show: &Show, stage: &[Name], now: SimTime, shape: Shape) -> Scene {
        Scene::of(&Moment::at(show, now), stage, shape)
    }

    /// The same, where the moment is known.
    pub fn of(moment: &Moment, stage: &[Name], shape: Shape) -> Scene {
        let stage = &stage[..stage.len().min(SHOPPERS)];
        let frame = Frame::new(moment, stage, shape);
        let (flights, note) = flights::flights(moment, &frame);
        let ground = vec![frame.ground(), flights::links(moment, &frame)];
        let mut parts = stored::parts(moment, &frame);
        let mut panels = Vec::with_capacity(stage.len());
        for row in &frame.rows {
            let (device, panel) = devices::device(moment, &frame, row);
            parts.push(device);
            devices::captions(&mut parts, moment, &frame, row);
            panels.push(panel);
        }
        parts.extend(devices::crowd(moment, &frame));
        parts.extend(broken::marks(moment, &frame));
        let said = narrator::at(moment);
        Scene {
            width: frame.width,
            height: frame.height,
            sentence: words::picture(moment, stage, &said),
            said,
            ground,
            flights,
            parts,
            panels,
            handles: broken::handles(moment, &frame),
            add_shopper: devices::add_shopper(&frame).filter(|_| stage.len() < SHOPPERS),
            note,
            is_empty: moment.trace().records.is_empty(),
        }
    }
}

impl Words {
    #[inline(never)]
    pub fn plain(text: String) -> Words {
        Words {
            before: text,
            ..Words::default()
        }
    }

    /// The whole text, as it reads now.
    pub fn text(&self) -> String {
        let count = self
            .count
            .map_or(String::new(), |count| count.millis.to_string());
        [&*self.before, &count, &*self.after].concat()
    }

    /// Cuts the text to this room; one that counts is short as it is.
    fn fit(&mut self, room: i32) {
        if self.count.is_none() {
            self.before = room::cut(&self.before, room as f32);
        }
    }

    /// How much room it takes, with a digit more to come where a number counts.
    fn width(&self) -> i32 {
        let digits = match self.count {
            Some(count) => room::whole("0") * 3.max(count.millis.to_string().len()) as i32,
            None => 0,
        };
        (room::width(&self.before) + room::width(&self.after)).ceil() as i32 + digits
    }
}

/// Each of these is called in many places: a call is a third of what it does.
impl Part {
    #[inline(never)]
    fn new(key: String, class: &'static str, state: &'static str, at: (i32, i32)) -> Part {
        Part {
            key,
            class,
            state,
            at,
            marks: Vec::new(),
        }
    }

    #[inline(never)]
    fn put(&mut self, mark: Mark) {
        self.marks.push(mark);
    }

    #[inline(never)]
    fn words(&mut self, x: i32, y: i32, class: &'static str, words: Words) {
        self.put(Mark::Text { x, y, class, words });
    }

    #[inline(never)]
    fn text(&mut self, x: i32, y: i32, class: &'static str, text: String) {
        self.words(x, y, class, Words::plain(text));
    }

    #[inline(never)]
    fn word(&mut self, x: i32, y: i32, class: &'static str, word: &str) {
        self.text(x, y, class, word.to_string());
    }

    #[inline(never)]
    fn rect(&mut self, place: Place, radius: i32, class: &'static str) {
        self.put(Mark::Rect {
            place,
            radius,
            class,
            hatch: false,
        });
    }

    /// What is out of date, behind its words.
    #[inline(never)]
    fn hatch(&mut self, place: Place) {
        self.put(Mark::Rect {
            place,
            radius: 5,
            class: "slot old",
            hatch: true,
        });
    }

    #[inline(never)]
    fn path(&mut self, class: &'static str, d: String) {
        self.put(Mark::Path { d, class });
    }

    #[inline(never)]
    fn icon(&mut self, x: i32, y: i32, icon: &'static str) {
        self.put(Mark::Icon { x, y, icon });
    }
}

fn place(x: i32, y: i32, w: i32, h: i32) -> Place {
    Place { x, y, w, h }
}

/// A pill of words: a shape, an icon and the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Badge {
    kind: &'static str,
    icon: &'static str,
    words: Words,
}

impl Badge {
    #[inline(never)]
    fn new(kind: &'static str, icon: &'static str, text: String) -> Badge {
        Badge {
            kind,
            icon,
            words: Words::plain(text),
        }
    }

    /// What it takes beside its words.
    fn ends(&self) -> i32 {
        if self.icon.is_empty() { 16 } else { 30 }
    }

    #[inline(never)]
    fn width(&self) -> i32 {
        self.words.width() + self.ends()
    }

    /// Its part, with its corner at this point.
    #[inline(never)]
    fn part(self, key: String, x: i32, y: i32) -> Part {
        let width = self.width();
        let mut part = Part::new(key, "badge", self.kind, (x, y));
        part.rect(place(0, 0, width, 20), 10, "pill");
        // In the middle, since the estimate of its width is rather too wide.
        let mut middle = width / 2;
        if !self.icon.is_empty() {
            part.icon(12, 10, self.icon);
            middle += 6;
        }
        part.words(middle, 14, "mid b", self.words);
        part
    }
}
